"""政府网站工作年度报表: computed where the platform has the ledger, entered with source and proof where it has not."""
