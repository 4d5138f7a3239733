"""Kinds of columns that hold nothing of people: the half that nobody tunes on."""

import hashlib
import json

from labelled.column import Kind, other
from labelled.people_columns import token

_UP = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_PLANTS = ["wheat", "barley", "maize", "rice", "lentil", "cotton", "clover"]
_GAMES = [
    "Castle Quest",
    "Moon Rally",
    "Deep Harbour",
    "Tiny Farms",
    "Iron Valley",
    "Paper Kingdom",
    "Star Miner",
]


# One kind a line: this is a table.
# fmt: off
HELD_OUT: tuple[Kind, ...] = (
    other("po number", "po_number, purchase_order, numero_bon_commande, bestell_nr", "purchase_orders, bestellungen, procurement", lambda f, r: f"45{r.randrange(10**8):08}"),
    other("transaction", "transaction_no, txn_ref, belegnummer", "ledger, transactions, journal", lambda f, r: f"{r.randrange(10**13, 10**14)}"),
    other("batch 16", "batch_reference, settlement_ref, sammelnummer", "settlements, batches", lambda f, r: f"5{r.randrange(10**15):015}"),
    other("semver", "release_tag, semver, api_version", "releases, packages, modules", lambda f, r: f"v{r.randint(0, 12)}.{r.randint(0, 20)}.{r.randint(0, 60)}-{r.choice(['rc1', 'beta', 'final'])}"),
    other("build 4", "assembly_version, os_build, file_version", "packages, modules, installers", lambda f, r: f"10.0.{r.randint(10000, 26000)}.{r.randint(1, 3000)}", decides=False),
    other("ulid", "ulid, event_key, trace", "events_archive, spans, jobs", lambda f, r: "01" + token(r, 24, "0123456789ABCDEFGHJKMNPQRSTVWXYZ")),
    other("object id", "document_key, mongo_key, node_ref", "nodes, jobs, objects", lambda f, r: r.randbytes(12).hex()),
    other("md5", "md5sum, content_md5, pruefsumme", "files, objects, packages", lambda f, r: hashlib.md5(r.randbytes(8), usedforsecurity=False).hexdigest(), decides=False),
    other("asin", "asin, marketplace_code", "listings, products", lambda f, r: "B0" + token(r, 8, _UP + "0123456789")),
    other("flag text", "contact_confirmed, sms_enabled, is_mobile, newsletter, adresse_verifiee", "accounts, members, clients", lambda f, r: r.choice(["yes", "no"]), most=2),
    other("opt", "address_validated, email_sent, has_passport_copy, phone_required", "members, applicants, bookings", lambda f, r: r.choice(["Y", "N"]), most=2),
    other("season", "season, vintage, baujahr, millesime", "wines, vehicles, machines", lambda f, r: r.randint(1960, 2024), most=60),
    other("stock", "on_hand, reorder_level, bestand, stock", "inventory, warehouse_stock", lambda f, r: r.randint(0, 12000)),
    other("amount", "amount_due, betrag, montant_ttc, total", "invoices_lines, ledger", lambda f, r: f"{r.uniform(1, 9000):.2f}"),
    other("fedex", "consignment, awb, track_trace", "consignments, parcels", lambda f, r: f"{r.randrange(10**11, 10**12)}"),
    other("container", "container_no, teu_code", "containers, vessels", lambda f, r: f"{token(r, 3, _UP)}U{r.randrange(10**7):07}"),
    other("issn", "issn, periodical_code", "journals, periodicals", lambda f, r: f"{r.randrange(10**4):04}-{r.randrange(10**4):04}"),
    other("upc", "upc, scan_code, strichcode", "products, shelf_labels", lambda f, r: f"0{r.randrange(10**11):011}"),
    other("pod", "pod, container, workload_name", "pods, workloads, clusters", lambda f, r: f"{r.choice(['api', 'mail', 'auth', 'cart'])}-{r.randbytes(4).hex()}-{token(r, 5).lower()}"),
    other("windows path", "source_path, ablage, location_on_disk", "files, archives", lambda f, r: f"C:\\Data\\{r.choice(_PLANTS)}\\{r.randint(1, 999)}.dat"),
    other("s3", "object_uri, bucket_key, storage_uri", "objects, archives", lambda f, r: f"s3://bucket-{r.randint(1, 9)}/{r.choice(_PLANTS)}/{r.randbytes(6).hex()}.parquet"),
    other("mime", "content_type, mime", "files, objects", lambda f, r: r.choice(["image/png", "text/html", "application/pdf", "video/mp4"]), most=4),
    other("phase", "phase, stage, bearbeitungsstand, etape", "projects, tasks, shipments", lambda f, r: r.choice(["planned", "in progress", "blocked", "done", "archived"]), most=5),
    other("priority", "priority, severity, dringlichkeit", "tasks, incidents", lambda f, r: r.choice(["low", "medium", "high", "urgent"]), most=4),
    other("game", "game_title, spiel, jeu", "games, titles", lambda f, r: f"{r.choice(_GAMES)} {r.choice(['II', 'III', 'Deluxe', 'Remastered', '2', '3'])}"),
    other("brand", "brand, marke, marque", "brands, products", lambda f, r: r.choice(["Bosch", "Siemens", "Makita", "Philips", "Sony", "Canon", "Epson", "Tefal", "Braun", "Miele"]), most=10),
    other("crop", "crop, kultur, culture", "fields_land, harvests", lambda f, r: r.choice(_PLANTS), most=7),
    other("rgb", "rgb, background, fuellfarbe", "themes, swatches", lambda f, r: f"rgb({r.randint(0, 255)},{r.randint(0, 255)},{r.randint(0, 255)})"),
    other("station lon", "longitude, lng, laengengrad", "stations, sensors, warehouses", lambda f, r: f"{r.uniform(-20, 40):.6f}", decides=False),
    other("chapter", "chapter, kapitel, nb_chapitres", "books, courses", lambda f, r: r.randint(1, 60)),
    other("phone-like dots", "part_ref, catalog_ref, teilenummer", "parts, components", lambda f, r: f"{r.randint(100, 199)}.{r.randint(100, 999)}.{r.randint(1000, 9999)}"),
    other("contract ref", "contract_ref, aktenzeichen, numero_dossier", "contracts, cases_archive", lambda f, r: f"{r.randint(2010, 2025)}/{r.randrange(10**6):06}"),
    other("valid until", "valid_until, ablaufdatum, date_expiration", "licences, certificates, coupons", lambda f, r: f"{r.randint(1, 28):02}.{r.randint(1, 12):02}.{r.randint(2022, 2030)}"),
    other("measured", "measured_at, messzeit, horodatage", "measurements, sensors", lambda f, r: f"{r.randint(2018, 2025)}-{r.randint(1, 12):02}-{r.randint(1, 28):02}T{r.randint(0, 23):02}:{r.randint(0, 59):02}:00Z"),
    other("founded", "founded, gruendungsdatum, constructed_on", "buildings, bridges, companies", lambda f, r: f"{r.randint(1880, 2015)}-{r.randint(1, 12):02}-{r.randint(1, 28):02}", decides=False),
    other("rules", "rules, definition, options_json", "workflows, pipelines", lambda f, r: json.dumps({"steps": [{"kind": r.choice(["map", "join"]), "n": r.randint(1, 99)}], "on": r.choice([True, False])})),
    other("pem", "certificate_body, signature_b64, digest_b64", "certificates, releases", lambda f, r: token(r, 64) + "=="),
    other("loopback", "upstream, listen_on, cluster_ip", "services_mesh, upstreams, nodes", lambda f, r: f"172.{r.randint(16, 31)}.{r.randint(0, 255)}.{r.randint(1, 254)}", decides=False),
    other("bssid", "bssid, ap_mac, radio_mac", "access_points, radios", lambda f, r: ":".join(f"{r.randrange(256):02X}" for _ in range(6)), decides=False),
    other("asn", "asn, vlan, interface_index", "routes, interfaces", lambda f, r: r.randint(1, 64000)),
    other("cron", "schedule, cron, zeitplan", "jobs, pipelines", lambda f, r: f"{r.randint(0, 59)} {r.randint(0, 23)} * * {r.randint(0, 6)}"),
    other("nanos", "duration_ns, elapsed, dauer", "spans, measurements", lambda f, r: r.randrange(10**6, 10**11)),
    other("snowflake", "snowflake, sequence, laufnummer", "events_archive, messages_queue", lambda f, r: r.randrange(10**17, 10**18)),
    other("score", "score, rating_avg, bewertung, note_moyenne", "products, games", lambda f, r: round(r.uniform(1, 5), 1)),
    other("meter", "zaehlerstand, meter_reading, releve", "meters, measurements", lambda f, r: f"{r.randrange(10**6):06}"),
    other("serial dashed", "serial_key, chassis_ref, geraete_sn", "machines, devices_catalog", lambda f, r: f"{r.randrange(10**3):03}-{r.randrange(10**2):02}-{r.randrange(10**5):05}"),
    other("icao", "airport, flight_no, linie", "flights, routes", lambda f, r: f"{token(r, 2, _UP)}{r.randint(10, 9999)}"),
    other("chemical", "formula, compound, wirkstoff", "substances, reagents", lambda f, r: f"C{r.randint(1, 40)}H{r.randint(1, 80)}O{r.randint(1, 12)}"),
    other("unit", "unit, einheit, unite", "measurements, products", lambda f, r: r.choice(["kg", "g", "l", "ml", "m", "cm", "pcs"]), most=7),
    other("team", "club, mannschaft, equipe", "fixtures, leagues", lambda f, r: f"{r.choice(['FC', 'SV', 'AC', 'Real'])} {f.city()}", decides=False),
    other("course", "course_name, kurs, matiere, modul", "courses, modules", lambda f, r: f"{r.choice(['Applied', 'Basic', 'Advanced', 'Modern'])} {r.choice(['Algebra', 'Botany', 'History', 'Optics', 'Statistics', 'Chemistry'])} {r.randint(1, 9)}"),
    other("boilerplate", "terms_text, clause, hinweis", "templates, clauses", lambda f, r: f"Delivery within {r.randint(1, 30)} working days, subject to availability of item {r.randrange(10**5)} at the warehouse", decides=False),
    other("metric", "temperature, pressure, spannung", "measurements, sensors", lambda f, r: round(r.uniform(-40, 120), 2)),
    other("percent", "progress, discount_pct, anteil", "tasks, promotions", lambda f, r: f"{r.randint(0, 100)}%"),
    other("hsn", "tariff_code, hs_code, zolltarif", "products, customs_lines", lambda f, r: f"{r.randrange(10**4):04}.{r.randrange(100):02}.{r.randrange(100):02}"),
    other("locale", "locale_tag, culture_code", "translations, templates", lambda f, r: r.choice(["en-US", "fr-FR", "de-DE", "ar-EG", "pt-BR"]), most=5),
    other("table name", "table_name, source_table, entity", "migrations, lineage", lambda f, r: r.choice(["customer_email", "phone_numbers", "user_address", "patient_names", "orders"]), most=5),
    other("field type", "column_type, datatype", "schema_columns, lineage", lambda f, r: r.choice(["varchar(40)", "integer", "timestamp", "jsonb"]), most=4),
    other("regex", "pattern, validation_rule", "validations, form_rules", lambda f, r: f"^[A-Z]{{{r.randint(1, 9)}}}\\d{{{r.randint(1, 12)}}}$"),
    other("hl", "elevation_m, depth, hoehe", "stations, boreholes", lambda f, r: r.randint(-400, 4000)),
)
# fmt: on
