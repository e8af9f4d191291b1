"""Human resources: job descriptions, hiring, leave and what people work by."""
