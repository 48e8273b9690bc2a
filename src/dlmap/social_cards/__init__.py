"""Social images of pages (Open Graph), drawn with fonts that come with dlmap."""

from dlmap.social_cards.card import Card

__all__ = ["Card", "draw_card"]


def draw_card(card: Card) -> bytes:
    """The image of a card as PNG."""
    # What draws takes longer to import than most builds may take altogether.
    from dlmap.social_cards.drawing import draw  # noqa: PLC0415

    return draw(card)
