"""Who is who: the actor tables, the mentions of actors in a text, and what refers to them."""
