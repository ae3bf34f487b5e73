"""拟办表: what the program proposes of many problems, each with its reason, and the sheet a person decides on."""
