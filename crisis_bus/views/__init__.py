"""The answers: folds of the journal and the receipts into what a page or a query shows."""
