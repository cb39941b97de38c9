"""What is shown: frozen values that are already text. No HTTP, no markup."""
