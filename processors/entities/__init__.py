"""Who and what is named: the gazetteer, and which of its namesakes a mention means."""
