"""What the page of a network prints; NotFound where an address asks for what it has not."""

from app.explain.quantities import UnknownQuantity
from app.lab.lab import Lab
from app.views.options import ViewOptions
from app.views.pages.lab import LabPage, LabPanel, lab_page, lab_panel
from app.web.networks.lookup import no_such_part


def view_of(lab: Lab, look: ViewOptions) -> LabPage:
    """What the page prints. Raises NotFound if the number to be explained is none of its own."""
    try:
        return lab_page(lab, look)
    except UnknownQuantity:
        raise no_such_part(lab, "/open") from None


def panel_view_of(lab: Lab, look: ViewOptions, *, curve: bool) -> LabPanel:
    """As ``view_of``, the numbers and the panel alone, and perhaps the curve."""
    try:
        return lab_panel(lab, look, curve=curve)
    except UnknownQuantity:
        raise no_such_part(lab, "/open") from None
