"""What those who follow see of how whoever drives looks at the network."""

from starlette.requests import Request

from app.store.classrooms import MOST_LOOK
from app.store.lab_store import StoredNetwork
from app.views.options import ViewOptions
from app.web.http.templating import is_htmx, is_restoring
from app.web.networks.audiences import classes_of

_FOLLOWED = ("notation", "biases", "digits", "open", "sample", "unfold", "into", "check")


def followed_look(look: ViewOptions) -> str:
    """What of a reader's options a class follows, as a query."""
    query = look.query(**dict.fromkeys(look.fields(*_FOLLOWED)))
    return query if len(query) <= MOST_LOOK else ""


async def show(request: Request, opened: StoredNetwork, look: ViewOptions) -> None:
    """Show a class how the page of a request sees its network, if a class follows it.

    A page that is loaded anew shows nothing: a link alone is no act. What a script of ours asks
    for, the browser's *Back* on a page included, and every command, is one.
    """
    acts = request.method == "POST" or is_htmx(request) or is_restoring(request)
    if acts and not look.framed:
        await classes_of(request).turn(opened.key, followed_look(look))
