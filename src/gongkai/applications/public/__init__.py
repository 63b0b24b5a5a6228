"""What an applicant touches: finding the organ, the form, the receipt, the case with its code."""
