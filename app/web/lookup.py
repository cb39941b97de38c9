"""Finding what a request names."""

from app.errors import NotFound
from app.examples import EXAMPLES, Example


def find_example(slug: str, pointer: str | None = None) -> Example:
    """The worked example of this name.

    Raises:
        NotFound: there is none.
    """
    example = EXAMPLES.get(slug)
    if example is None:
        raise NotFound("example_not_found", pointer=pointer, allowed=", ".join(EXAMPLES))
    return example
