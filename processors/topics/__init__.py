"""What a desk watches: the query language, its files, and the evaluation of an article."""
