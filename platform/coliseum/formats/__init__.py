"""How numbers and dates are written: the same in every language, as drawings and programs read them too."""
