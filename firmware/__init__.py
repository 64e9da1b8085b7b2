"""The appliance's images: recipes, and what tries them."""
