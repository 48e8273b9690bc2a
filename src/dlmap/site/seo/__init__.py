"""What search engines, feed readers and other programs read of a site."""
