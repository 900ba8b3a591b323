"""Wing 1, assurance (ISMAP): may the government use this cloud service?"""
