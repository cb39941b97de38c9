"""Commands on stored networks, and what requests may say."""
