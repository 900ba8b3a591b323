"""What every stage's pages share: who may open one, what was posted, forms, and the buttons of a record."""
