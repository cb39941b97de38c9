"""What every answer needs: templates, static files, problems, security headers."""
