"""Who writes the brief: the rules, or a model whose every sentence is checked."""
