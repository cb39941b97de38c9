"""One expression as MathML (for pages, in lines that fit), LaTeX, plain text and spoken English."""
