"""WSGI middleware in front of Django; a request passes request_log, page_cache and thread_pools.

request_log counts requests in metrics; page_cache asks stamp_reader whether a page is fresh.
"""
