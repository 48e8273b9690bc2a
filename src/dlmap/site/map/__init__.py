"""The map: how concepts are laid out, sized and labelled."""
