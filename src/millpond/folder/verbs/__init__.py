"""What a folder can be asked, a module for each subject."""
