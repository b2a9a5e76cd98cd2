"""The process map for people: a picture that can be read on a screen, a phone and paper, and the same as tables."""
