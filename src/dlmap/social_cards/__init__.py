"""Pictures of pages for where a link to them is shared: drawn here, with fonts that come with dlmap."""

from dlmap.social_cards.card import Card

__all__ = ["Card"]
