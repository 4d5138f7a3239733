"""Kinds of columns that hold nothing of people and look as if: the half that is tuned on."""

import base64
import hashlib
import json
import random

from labelled.column import Kind, other
from labelled.people_columns import LETTERS, token
from labelled.valid_numbers import luhn

_SHOPS = "shops, stores, filialen, magasins, branches"
_GOODS = "products, artikel, produits, catalogue, inventory"
_SALES = "orders, bestellungen, commandes, sales_lines, shipments"
_MACHINES = "servers, hosts, network_devices, deployments, nodes"
_FILES = "files, assets, documents, uploads, builds"
_WORDS = [
    "silver",
    "oak",
    "river",
    "lamp",
    "stone",
    "cedar",
    "copper",
    "velvet",
    "maple",
    "harbour",
    "bright",
    "nova",
    "prime",
    "ultra",
    "classic",
]
_THINGS = [
    "chair",
    "table",
    "kettle",
    "lamp",
    "drill",
    "jacket",
    "phone",
    "case",
    "monitor",
    "blender",
    "notebook",
    "bottle",
    "pump",
    "valve",
    "cable",
]


def _digits(rng: random.Random, size: int) -> str:
    return str(rng.randrange(10 ** (size - 1), 10**size))


def _day(rng: random.Random, first: int, last: int) -> str:
    return f"{rng.randint(first, last)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"


def _ean(rng: random.Random) -> str:
    head = f"4{rng.randrange(10**11):011}"
    return head + str(-sum(int(c) * (3 if at % 2 else 1) for at, c in enumerate(head)) % 10)


def _isbn(rng: random.Random) -> str:
    head = f"978{rng.randrange(10**9):09}"
    return head + str(-sum(int(c) * (3 if at % 2 else 1) for at, c in enumerate(head)) % 10)


def _goods(rng: random.Random) -> str:
    return f"{rng.choice(_WORDS).title()} {rng.choice(_THINGS).title()} {rng.randint(1, 900)}"


# One kind a line: this is a table.
# fmt: off
TUNED: tuple[Kind, ...] = (
    other("order 8", "order_no, order_number, bestellnummer, numero_commande, raqm_talab", _SALES, lambda f, r: _digits(r, 8)),
    other("order 10", "order_ref, order_id_ext, auftragsnummer, رقم_الطلب, num_pedido", _SALES, lambda f, r: _digits(r, 10)),
    other("order 12", "shipment_no, lieferscheinnummer, reference, numero_envio", _SALES, lambda f, r: _digits(r, 12)),
    other("invoice 16", "invoice_no, rechnungsnummer, numero_facture, رقم_الفاتورة", _SALES, lambda f, r: f"4{r.randrange(10**15):015}"),
    other("invoice luhn", "customer_invoice_ref, creditor_reference, ocr_number", _SALES, lambda f, r: luhn(f"71{r.randrange(10**10):010}")),
    other("version 3", "version, app_version, firmware, version_logicielle", _MACHINES, lambda f, r: f"{r.randint(0, 9)}.{r.randint(0, 30)}.{r.randint(0, 40)}"),
    other("version 4", "build_version, driver_version, release, versionsnummer", _MACHINES, lambda f, r: ".".join(str(r.randint(0, 25)) for _ in range(4))),
    other("uuid", "uuid, request_id, correlation_id, object_key, guid", _FILES, lambda f, r: str(f.uuid4())),
    other("sku", "sku, article_code, artikelnummer, code_article", _GOODS, lambda f, r: f"{token(r, 3, LETTERS)}-{_digits(r, 5)}"),
    other("sku digits", "item_no, part_number, رقم_المنتج, ref_produit", _GOODS, lambda f, r: _digits(r, 9)),
    other("sha256", "checksum, sha256, file_hash, etag, content_digest", _FILES, lambda f, r: hashlib.sha256(r.randbytes(8)).hexdigest(), decides=False),
    other("git", "commit, commit_sha, revision", "builds, deployments", lambda f, r: hashlib.sha1(r.randbytes(8), usedforsecurity=False).hexdigest(), decides=False),
    other("short hash", "short_sha, cache_key, shard", _FILES, lambda f, r: r.randbytes(4).hex()),
    other("verified", "email_verified, is_phone_confirmed, has_address, emailVerified, newsletter_sent", "users, customers, accounts", lambda f, r: r.choice([True, False]), most=2),
    other("verified 01", "phone_verified, email_bounced, is_active, hat_email", "users, kunden, accounts", lambda f, r: r.choice([0, 1]), most=2),
    other("year", "year, model_year, jahr, annee, release_year, السنة", _GOODS, lambda f, r: r.randint(1970, 2025), most=55),
    other("quantity", "quantity, menge, quantite, qty, الكمية", _SALES, lambda f, r: r.randint(1, 500)),
    other("price", "price, preis, prix_unitaire, unit_price, السعر", _GOODS, lambda f, r: round(r.uniform(0.5, 900), 2)),
    other("tracking ups", "tracking_number, sendungsnummer, numero_suivi", "shipments, parcels", lambda f, r: f"1Z{token(r, 6, LETTERS + '0123456789')}{_digits(r, 10)}"),
    other("tracking dhl", "parcel_no, waybill, tracking_code", "shipments, parcels", lambda f, r: f"JJD{_digits(r, 18)}"),
    other("isbn", "isbn, isbn13, book_code", "books, livres, buecher", lambda f, r: _isbn(r)),
    other("ean", "ean, barcode, gtin, code_barres", _GOODS, lambda f, r: _ean(r)),
    other("hostname", "hostname, host, fqdn, servername", _MACHINES, lambda f, r: f"{r.choice(['web', 'db', 'cache', 'app'])}-{r.randint(1, 99):02}.{r.choice(['eu', 'us', 'ap'])}.example.{r.choice(['net', 'internal', 'com'])}"),
    other("path", "path, file_path, dateipfad, chemin", _FILES, lambda f, r: f.file_path(depth=3)),
    other("file name", "filename, attachment_name, dateiname", _FILES, lambda f, r: f.file_name()),
    other("url", "url, link, asset_url, page_url", _FILES, lambda f, r: f"https://cdn.example.com/{token(r, 6).lower()}/{r.choice(_THINGS)}-{r.randint(1, 999)}.html"),
    other("status", "status, state, etat, order_state, الحالة", _SALES, lambda f, r: r.choice(["NEW", "PAID", "SHIPPED", "CANCELLED", "ON_HOLD"]), most=5),
    other("employment", "contract_type, vertragsart, type_contrat", "job_postings, contract_types", lambda f, r: r.choice(["FULL_TIME", "PART_TIME", "FREELANCE", "INTERN"]), most=4),
    other("product", "product_name, artikelbezeichnung, nom_produit, اسم_المنتج, designation", _GOODS, lambda f, r: _goods(r)),
    other("company", "supplier, lieferant, fournisseur, vendor_name, manufacturer", "suppliers, vendors, lieferanten", lambda f, r: f"{f.last_name()} {r.choice(['GmbH', 'Ltd', 'SARL', 'Inc', 'AG'])}", decides=False),
    other("colour", "colour_code, hex_color, farbe, couleur", _GOODS, lambda f, r: f"#{r.randrange(16**6):06x}"),
    other("colour name", "color, finish, shade, coloris", _GOODS, lambda f, r: f.color_name()),
    other("shop lat", "latitude, lat, breitengrad", _SHOPS, lambda f, r: round(r.uniform(35, 60), 6), decides=False),
    other("shop pair", "coordinates, geo, position", _SHOPS, lambda f, r: f"{r.uniform(35, 60):.5f},{r.uniform(-9, 20):.5f}", decides=False),
    other("pages", "page_count, seiten, nb_pages", "books, documents", lambda f, r: r.randint(12, 900)),
    other("phone-like", "reference_no, ticket_number, case_no, vorgangsnummer", "tickets_ref, contracts_ref, shipments", lambda f, r: f"{r.randint(200, 999)}-{r.randint(200, 999)}-{_digits(r, 3)}"),
    other("phone-like 2", "batch_no, lot_number, numero_lot, chargennummer", _GOODS, lambda f, r: f"0{_digits(r, 2)} {_digits(r, 3)} {_digits(r, 4)}", decides=False),
    other("due", "due_date, faelligkeit, date_echeance, delivery_date", _SALES, lambda f, r: _day(r, 2021, 2026)),
    other("created", "created_at, erstellt_am, date_creation, تاريخ_الإنشاء", _SALES, lambda f, r: f"{_day(r, 2015, 2025)} {r.randint(0, 23):02}:{r.randint(0, 59):02}:{r.randint(0, 59):02}"),
    other("published", "published_on, erschienen, date_parution", "books, films", lambda f, r: _day(r, 1995, 2024)),
    other("config", "config, settings, parametres", _MACHINES, lambda f, r: json.dumps({"retries": r.randint(0, 9), "mode": r.choice(["a", "b"]), "timeout": r.randint(1, 900), "region": "eu-west-1"})),
    other("blob", "payload, blob, inhalt, thumbnail_data", _FILES, lambda f, r: base64.b64encode(r.randbytes(45)).decode()),
    other("server ip", "server_ip, gateway, node_ip, bind_address", _MACHINES, lambda f, r: f.ipv4_private(), decides=False),
    other("router mac", "router_mac, switch_mac, interface_mac", "routers, switches, network_interfaces", lambda f, r: f.mac_address(), decides=False),
    other("cidr", "subnet, network, cidr_block", "subnets, vpcs, routes", lambda f, r: f"10.{r.randint(0, 255)}.{r.randint(0, 255)}.0/24"),
    other("port", "port, listen_port, dst_port", _MACHINES, lambda f, r: r.randint(1024, 65535)),
    other("epoch", "ts, created_epoch, last_modified, updated_ts", _FILES, lambda f, r: r.randint(1_500_000_000, 1_760_000_000)),
    other("epoch ms", "event_time_ms, timestamp_ms", _FILES, lambda f, r: r.randint(1_500_000_000_000, 1_760_000_000_000)),
    other("counter", "views, hits, email_count, nb_clients, phone_calls_total", "statistics, counters, daily_stats", lambda f, r: r.randint(0, 99999)),
    other("serial 13", "serial_no, seriennummer, numero_serie, الرقم_التسلسلي", _GOODS, lambda f, r: _digits(r, 13)),
    other("serial 11", "meter_no, device_serial_no, zaehlernummer", "meters, machines", lambda f, r: _digits(r, 11)),
    other("serial 9", "asset_no, inventory_no, inventarnummer", "assets_inventory, machines", lambda f, r: _digits(r, 9)),
    other("category", "category, kategorie, rubrique, الفئة", _GOODS, lambda f, r: r.choice(["Garden", "Kitchen", "Office", "Sports", "Toys", "Books", "Tools", "Music"]), most=8),
    other("currency", "currency, waehrung, devise, العملة", _SALES, lambda f, r: r.choice(["EUR", "USD", "GBP", "PKR", "SAR", "TRY", "BRL", "JPY"]), most=8),
    other("language", "lang_code, ui_language, sprachcode", "translations, templates", lambda f, r: r.choice(["en", "fr", "de", "ar", "es", "tr"]), most=6),
    other("description", "description, beschreibung, product_description, وصف_المنتج", _GOODS, lambda f, r: f"{_goods(r)} with a {r.choice(_WORDS)} finish, made of {r.choice(['steel', 'wood', 'glass'])}, {r.randint(1, 90)} cm wide and washable", decides=False),
    other("log line", "log_line, error_text, stack, meldung", "error_log, system_log", lambda f, r: f"ERROR worker-{r.randint(1, 9)} timeout after {r.randint(1, 900)} ms in step {r.choice(_THINGS)}", decides=False),
    other("weight", "weight_kg, gewicht, poids_net", _GOODS, lambda f, r: round(r.uniform(0.1, 80), 3)),
    other("vat rate", "tax_rate, mwst_satz, taux_tva", _GOODS, lambda f, r: r.choice([0.0, 5.5, 7.0, 10.0, 19.0, 20.0]), most=6),
    other("vat id", "vat_id, ust_id, numero_tva", "suppliers, companies, lieferanten", lambda f, r: f"DE{_digits(r, 9)}", decides=False),
    other("bic like", "station_code, icao, warehouse_code", "stations, airports, warehouses", lambda f, r: token(r, 4, LETTERS)),
    other("title", "title, titre, buchtitel, عنوان_الكتاب", "books, films, articles", lambda f, r: f"The {r.choice(_WORDS).title()} {r.choice(_THINGS).title()} of {r.choice(_WORDS).title()}"),
    other("size", "size, groesse, taille", _GOODS, lambda f, r: r.choice(["XS", "S", "M", "L", "XL", "XXL"]), most=6),
    other("ratio", "conversion_rate, margin, score, quote", "statistics, kpis", lambda f, r: round(r.random(), 4)),
)
# fmt: on
