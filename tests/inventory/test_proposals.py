import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from kept.inventory.datamap_writing import write_proposals
from kept.inventory.dataset import Classified, Inventory
from kept.inventory.proposals import propose
from kept.testing.invented_company import (
    Make,
    Mapped,
    amount,
    birth,
    city,
    day,
    email,
    first,
    last,
    map_company,
    note,
    one_of,
    own,
    person,
    phone,
    street,
    thing,
    to,
    username,
    write_company,
)
from kept.vocabulary.data_category import DataCategory

SHARED = Path(__file__).resolve().parents[2].parent / "shared"

Company = Callable[[str, dict[str, tuple[int, list[Make]]]], Mapped]


@pytest.fixture
def company(tmp_path: Path) -> Company:
    def make(schema: str, rows: dict[str, tuple[int, list[Make]]]) -> Mapped:
        path = tmp_path / "company.sqlite"
        write_company(path, schema, rows)
        return map_company(path)

    return make


HASH = one_of("$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub+b3dWRWJTmaaJObG")


def _phone_of(rows: int) -> Make:
    return lambda rng, _: phone(rng, rng.randint(1, rows))


def _email_of(rows: int) -> Make:
    return lambda rng, _: email(rng, rng.randint(1, rows))


def _uuid(_: object, number: int) -> str:
    return f"{number:08x}-1111-4222-8333-{number:012x}"


def _uuid_of(rows: int) -> Make:
    return lambda rng, _: _uuid(rng, rng.randint(1, rows))


def test_a_public_sample_shop_is_understood_without_a_question(tmp_path: Path) -> None:
    given = SHARED / "databases" / "chinook.sqlite"
    if not given.exists():
        pytest.skip("the public sample database is not beside the project")
    path = Path(shutil.copyfile(given, tmp_path / "music.sqlite"))
    music = map_company(path)
    assert music.asked() == set()
    assert music.about() == {
        "Album": "none",
        "Artist": "none",
        "Customer": "customer",
        "Employee": "staff",
        "Genre": "none",
        "Invoice": "customer",
        "InvoiceLine": "customer",
        "MediaType": "none",
        "Playlist": "none",
        "PlaylistTrack": "none",
        "Track": "none",
    }
    assert music.identity("Customer") == {"Phone": "phone", "Email": "email"}
    assert music.whose("Customer") == {"SupportRepId": "referenced"}
    assert music.whose("Employee") == {"ReportsTo": "referenced"}
    assert music.whose("Invoice") == {"CustomerId": "owned"}
    assert music.whose("InvoiceLine") == {"InvoiceId": "owned", "TrackId": "referenced"}
    assert {name: music.erasing(name) for name in ("Customer", "Invoice", "InvoiceLine")} == {
        "Customer": "delete",
        "Invoice": "delete",
        "InvoiceLine": "delete",
    }
    assert music.erasing("Employee") == "blank"
    personal = {
        f"{each.id.name}.{field.name}"
        for each in music.inventory.datasets
        for field in each.fields
        if field.personal
    }
    assert {each.partition(".")[0] for each in personal} == {"Customer", "Employee", "Invoice"}
    assert {"Customer.Fax", "Customer.Email", "Employee.BirthDate", "Employee.HireDate"} <= personal


WEBSHOP = """
CREATE TABLE categories (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE suppliers (id INTEGER PRIMARY KEY, company_name TEXT, contact_name TEXT, phone TEXT);
CREATE TABLE products (id INTEGER PRIMARY KEY, category_id INTEGER REFERENCES categories (id),
    supplier_id INTEGER REFERENCES suppliers (id), name TEXT, price INTEGER);
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT UNIQUE, first_name TEXT, last_name TEXT,
    password_hash TEXT);
CREATE TABLE addresses (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users (id),
    street TEXT, city TEXT);
CREATE TABLE orders (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users (id),
    shipping_address_id INTEGER REFERENCES addresses (id), placed_at DATE, total INTEGER);
CREATE TABLE order_items (id INTEGER PRIMARY KEY,
    order_id INTEGER NOT NULL REFERENCES orders (id),
    product_id INTEGER NOT NULL REFERENCES products (id));
CREATE TABLE reviews (id INTEGER PRIMARY KEY, product_id INTEGER REFERENCES products (id),
    user_id INTEGER REFERENCES users (id), body TEXT,
    moderated_by INTEGER REFERENCES users (id));
CREATE TABLE newsletter (email TEXT PRIMARY KEY, subscribed_at DATE);
"""


def test_a_web_shop_with_a_gift_address_and_a_mailing_list(company: Company) -> None:
    shop = company(
        WEBSHOP,
        {
            "categories": (5, [own, thing]),
            "suppliers": (5, [own, thing, person, phone]),
            "products": (40, [own, to(5), to(5), thing, amount]),
            "users": (60, [own, email, first, last, HASH]),
            "addresses": (80, [own, to(60), street, city]),
            "orders": (120, [own, to(60), to(80), day, amount]),
            "order_items": (200, [own, to(120), to(40)]),
            "reviews": (50, [own, to(40), to(60), note, to(3, holes=True)]),
            "newsletter": (30, [email, day]),
        },
    )
    assert shop.asked() == set()
    assert shop.whose("orders") == {"user_id": "owned", "shipping_address_id": "referenced"}
    assert shop.whose("order_items") == {"order_id": "owned", "product_id": "referenced"}
    assert shop.whose("reviews") == {
        "user_id": "owned",
        "product_id": "referenced",
        "moderated_by": "referenced",
    }
    assert shop.whose("products") == {"category_id": "referenced", "supplier_id": "referenced"}
    assert shop.identity("newsletter") == {"email": "email"}
    assert (shop.about()["products"], shop.about()["suppliers"]) == ("none", "supplier")
    # Orders go with their addresses; people whom a review mentions as its moderator stay.
    assert (shop.erasing("addresses"), shop.erasing("orders")) == ("delete", "delete")
    assert (shop.erasing("users"), shop.erasing("suppliers")) == ("blank", "blank")


CLINIC = """
CREATE TABLE patients (id_patient INTEGER PRIMARY KEY, nom TEXT, prenom TEXT,
    date_naissance DATE, telephone TEXT, courriel TEXT, medecin_traitant INTEGER);
CREATE TABLE medecins (id_medecin INTEGER PRIMARY KEY, nom TEXT, prenom TEXT, telephone TEXT);
CREATE TABLE rendez_vous (id_rdv INTEGER PRIMARY KEY, id_patient INTEGER, id_medecin INTEGER,
    date_rdv DATE);
CREATE TABLE consultations (id_consultation INTEGER PRIMARY KEY, id_rdv INTEGER, compte_rendu TEXT);
CREATE TABLE ordonnances (id_ordonnance INTEGER PRIMARY KEY, id_consultation INTEGER,
    id_medecin INTEGER, date_ordonnance DATE);
CREATE TABLE lignes_ordonnance (id_ligne INTEGER PRIMARY KEY, id_ordonnance INTEGER,
    id_medicament INTEGER, posologie TEXT);
CREATE TABLE medicaments (id_medicament INTEGER PRIMARY KEY, libelle TEXT, prix INTEGER);
CREATE TABLE personnes_a_prevenir (id INTEGER PRIMARY KEY, id_patient INTEGER, nom TEXT,
    telephone TEXT);
"""


def test_a_french_clinic_in_which_no_store_enforces_anything(company: Company) -> None:
    clinic = company(
        CLINIC,
        {
            "patients": (60, [own, last, first, birth, phone, email, to(8)]),
            "medecins": (8, [own, last, first, phone]),
            "rendez_vous": (100, [own, to(60), to(8), day]),
            "consultations": (80, [own, to(100), note]),
            "ordonnances": (60, [own, to(80), to(8), day]),
            "lignes_ordonnance": (120, [own, to(60), to(30), one_of("1 par jour", "le soir")]),
            "medicaments": (30, [own, thing, amount]),
            "personnes_a_prevenir": (50, [own, to(60), last, phone]),
        },
    )
    assert clinic.whose("rendez_vous") == {"id_patient": "owned", "id_medecin": "referenced"}
    assert clinic.whose("consultations") == {"id_rdv": "owned"}
    assert clinic.whose("ordonnances") == {"id_consultation": "owned", "id_medecin": "referenced"}
    assert clinic.whose("lignes_ordonnance") == {
        "id_ordonnance": "owned",
        "id_medicament": "referenced",
    }
    about = clinic.about()
    assert (about["medecins"], about["medicaments"]) == ("staff", "none")
    assert about["lignes_ordonnance"] == "customer"
    assert "courriel" in clinic.identity("patients")
    # Whom to call in an emergency is another person: that is for somebody to say.
    # What a consultation found is somebody's health, in whatever words.
    assert clinic.asked() == {"personnes_a_prevenir"}
    (consultations,) = (
        each for each in clinic.inventory.datasets if each.id.name == "consultations"
    )
    report = consultations.field("compte_rendu")
    assert DataCategory.USER_HEALTH in {each.category for each in report.categories}
    sureness = clinic.proposals["consultations"].undeclared[("id_rdv",)]
    assert "100%" in sureness


def test_calls_and_messages_are_of_both_parties(company: Company) -> None:
    telecom = company(
        """
        CREATE TABLE subscriber (id INTEGER PRIMARY KEY, msisdn TEXT UNIQUE NOT NULL,
            full_name TEXT, email TEXT, agent_id INTEGER);
        CREATE TABLE agent (id INTEGER PRIMARY KEY, full_name TEXT, email TEXT);
        CREATE TABLE call_record (id INTEGER PRIMARY KEY,
            caller_id INTEGER NOT NULL REFERENCES subscriber (id),
            callee_id INTEGER REFERENCES subscriber (id),
            caller_number TEXT, callee_number TEXT, seconds INTEGER);
        CREATE TABLE sms (id INTEGER PRIMARY KEY, sender TEXT, recipient TEXT, body TEXT);
        """,
        {
            "subscriber": (60, [own, phone, person, email, to(5)]),
            "agent": (5, [own, person, email]),
            "call_record": (
                100,
                [own, to(60), to(60, holes=True), _phone_of(60), _phone_of(60), amount],
            ),
            "sms": (100, [own, _phone_of(60), _phone_of(90), note]),
        },
    )
    assert telecom.whose("call_record") == {"caller_id": "shared", "callee_id": "shared"}
    fields = telecom.proposals["call_record"].decision.fields
    assert fields["caller_number"].of == "caller_id"
    assert fields["callee_number"].of == "callee_id"
    # No key, only the numbers themselves; half of those called are no subscribers.
    assert telecom.whose("sms") == {"sender": "shared", "recipient": "shared"}
    written = telecom.proposals["sms"].decision.fields
    assert (written["sender"].of, written["recipient"].of) == ("sender", "recipient")
    assert written["body"].author == "sender"
    assert telecom.erasing("sms") == telecom.erasing("call_record") == "blank"
    assert telecom.whose("subscriber") == {"agent_id": "referenced"}
    assert telecom.about()["agent"] == "staff"


def test_a_forum_belongs_to_those_who_write(company: Company) -> None:
    forum = company(
        """
        CREATE TABLE members (id INTEGER PRIMARY KEY, username TEXT UNIQUE, email TEXT,
            invited_by INTEGER REFERENCES members (id));
        CREATE TABLE boards (id INTEGER PRIMARY KEY, title TEXT,
            created_by INTEGER REFERENCES members (id));
        CREATE TABLE topics (id INTEGER PRIMARY KEY, board_id INTEGER REFERENCES boards (id),
            author_id INTEGER REFERENCES members (id), title TEXT);
        CREATE TABLE posts (id INTEGER PRIMARY KEY, topic_id INTEGER REFERENCES topics (id),
            author_id INTEGER REFERENCES members (id), parent_id INTEGER REFERENCES posts (id),
            body TEXT, edited_by INTEGER REFERENCES members (id));
        CREATE TABLE private_messages (id INTEGER PRIMARY KEY,
            from_member_id INTEGER REFERENCES members (id),
            to_member_id INTEGER REFERENCES members (id), body TEXT);
        CREATE TABLE follows (follower_id INTEGER REFERENCES members (id),
            followed_id INTEGER REFERENCES members (id), PRIMARY KEY (follower_id, followed_id));
        CREATE TABLE bans (id INTEGER PRIMARY KEY, member_id INTEGER REFERENCES members (id),
            banned_by INTEGER REFERENCES members (id), reason TEXT);
        """,
        {
            "members": (60, [own, username, email, to(1, holes=True)]),
            "boards": (4, [own, thing, to(60)]),
            "topics": (30, [own, to(4), to(60), thing]),
            "posts": (100, [own, to(30), to(60), to(1, holes=True), note, to(60, holes=True)]),
            "private_messages": (60, [own, to(60), to(60), note]),
            "follows": (50, [own, to(60)]),
            "bans": (5, [own, to(60), to(60), note]),
        },
    )
    assert forum.asked() == set()
    assert forum.whose("posts") == {
        "author_id": "owned",
        "edited_by": "referenced",
        "topic_id": "referenced",
        "parent_id": "referenced",
    }
    assert forum.whose("private_messages") == {
        "from_member_id": "shared",
        "to_member_id": "shared",
    }
    assert forum.proposals["private_messages"].decision.fields["body"].author == "from_member_id"
    assert forum.whose("follows") == {"follower_id": "shared", "followed_id": "shared"}
    assert forum.whose("bans") == {"member_id": "owned", "banned_by": "referenced"}
    assert forum.whose("members") == {"invited_by": "referenced"}
    assert forum.about()["boards"] == "none"


def test_a_school_keeps_its_teachers_own_files_apart(company: Company) -> None:
    school = company(
        """
        CREATE TABLE students (student_id INTEGER PRIMARY KEY, first_name TEXT, last_name TEXT,
            birth_date DATE, email TEXT);
        CREATE TABLE guardians (guardian_id INTEGER PRIMARY KEY,
            student_id INTEGER REFERENCES students (student_id), full_name TEXT, phone TEXT);
        CREATE TABLE teachers (teacher_id INTEGER PRIMARY KEY, first_name TEXT, last_name TEXT,
            email TEXT);
        CREATE TABLE courses (course_id INTEGER PRIMARY KEY, title TEXT,
            teacher_id INTEGER REFERENCES teachers (teacher_id));
        CREATE TABLE enrollments (enrollment_id INTEGER PRIMARY KEY,
            student_id INTEGER REFERENCES students (student_id),
            course_id INTEGER REFERENCES courses (course_id));
        CREATE TABLE grades (grade_id INTEGER PRIMARY KEY,
            enrollment_id INTEGER REFERENCES enrollments (enrollment_id),
            teacher_id INTEGER REFERENCES teachers (teacher_id), remark TEXT);
        CREATE TABLE payslips (id INTEGER PRIMARY KEY,
            teacher_id INTEGER REFERENCES teachers (teacher_id), gross INTEGER);
        """,
        {
            "students": (60, [own, first, last, birth, email]),
            "guardians": (60, [own, to(60), person, phone]),
            "teachers": (6, [own, first, last, email]),
            "courses": (10, [own, thing, to(6)]),
            "enrollments": (100, [own, to(60), to(10)]),
            "grades": (100, [own, to(100), to(6), note]),
            "payslips": (30, [own, to(6), amount]),
        },
    )
    assert school.asked() == {"guardians"}
    assert school.whose("grades") == {"enrollment_id": "owned", "teacher_id": "referenced"}
    assert school.whose("courses") == {"teacher_id": "referenced"}
    assert school.whose("payslips") == {"teacher_id": "owned"}
    about = school.about()
    assert (about["grades"], about["payslips"], about["courses"]) == ("customer", "staff", "none")


def test_a_personnel_department_knows_staff_from_applicants(company: Company) -> None:
    personnel = company(
        """
        CREATE TABLE locations (location_id INTEGER PRIMARY KEY, street_address TEXT, city TEXT);
        CREATE TABLE jobs (job_id INTEGER PRIMARY KEY, job_title TEXT, min_salary INTEGER);
        CREATE TABLE departments (department_id INTEGER PRIMARY KEY, name TEXT,
            manager_id INTEGER REFERENCES employees (employee_id),
            location_id INTEGER REFERENCES locations (location_id));
        CREATE TABLE employees (employee_id INTEGER PRIMARY KEY, first_name TEXT, last_name TEXT,
            email TEXT, job_id INTEGER REFERENCES jobs (job_id),
            manager_id INTEGER REFERENCES employees (employee_id),
            department_id INTEGER REFERENCES departments (department_id));
        CREATE TABLE job_history (employee_id INTEGER REFERENCES employees (employee_id),
            start_date DATE, job_id INTEGER REFERENCES jobs (job_id),
            PRIMARY KEY (employee_id, start_date));
        CREATE TABLE candidates (id INTEGER PRIMARY KEY, full_name TEXT, email TEXT, phone TEXT);
        CREATE TABLE interviews (id INTEGER PRIMARY KEY,
            candidate_id INTEGER REFERENCES candidates (id),
            interviewer_id INTEGER REFERENCES employees (employee_id), notes TEXT);
        """,
        {
            "locations": (4, [own, street, city]),
            "jobs": (5, [own, one_of("Accountant", "Programmer"), amount]),
            "departments": (4, [own, thing, to(30), to(4)]),
            "employees": (30, [own, first, last, email, to(5), to(30), to(4)]),
            "job_history": (20, [own, day, to(5)]),
            "candidates": (20, [own, person, email, phone]),
            "interviews": (30, [own, to(20), to(30), note]),
        },
    )
    assert personnel.asked() == set()
    assert personnel.about() == {
        "locations": "none",
        "jobs": "none",
        "departments": "none",
        "employees": "staff",
        "job_history": "staff",
        "candidates": "applicant",
        "interviews": "applicant",
    }
    assert set(personnel.whose("employees").values()) == {"referenced"}
    assert personnel.whose("job_history")["employee_id"] == "owned"
    assert personnel.whose("interviews") == {
        "candidate_id": "owned",
        "interviewer_id": "referenced",
    }


def test_a_sales_tool_without_foreign_keys_knows_its_contacts_from_its_users(
    company: Company,
) -> None:
    sales = company(
        """
        CREATE TABLE Accounts (AccountID INTEGER PRIMARY KEY, CompanyName TEXT, Industry TEXT);
        CREATE TABLE Contacts (ContactID INTEGER PRIMARY KEY, AccountID INTEGER, FullName TEXT,
            Email TEXT, Mobile TEXT);
        CREATE TABLE Deals (DealID INTEGER PRIMARY KEY, ContactID INTEGER, OwnerID INTEGER,
            Amount INTEGER);
        CREATE TABLE Activities (ActivityID INTEGER PRIMARY KEY, ContactID INTEGER,
            DealID INTEGER, UserID INTEGER, Notes TEXT);
        CREATE TABLE Users (UserID INTEGER PRIMARY KEY, UserName TEXT, Email TEXT);
        CREATE TABLE EmailLog (ID INTEGER PRIMARY KEY, ToEmail TEXT, Subject TEXT);
        """,
        {
            "Accounts": (20, [own, thing, one_of("Retail", "Media")]),
            "Contacts": (60, [own, to(20), person, email, phone]),
            "Deals": (40, [own, to(60), to(5), amount]),
            "Activities": (80, [own, to(60), to(40), to(5), note]),
            "Users": (5, [own, username, lambda _, number: f"staff{number}@example.org"]),
            "EmailLog": (90, [own, _email_of(60), thing]),
        },
    )
    assert sales.asked() == set()
    assert sales.whose("Contacts") == {"AccountID": "referenced"}
    assert sales.whose("Activities")["ContactID"] == "owned"
    assert sales.whose("Activities")["UserID"] == "referenced"
    assert sales.whose("Deals")["ContactID"] == "owned"
    assert sales.whose("EmailLog") == {"ToEmail": "owned"}
    assert (sales.about()["Users"], sales.about()["Accounts"]) == ("staff", "none")


def test_tenants_are_no_people_and_keys_of_two_fields_are_followed(company: Company) -> None:
    tool = company(
        """
        CREATE TABLE tenants (id INTEGER PRIMARY KEY, name TEXT);
        CREATE TABLE users (tenant_id INTEGER NOT NULL REFERENCES tenants (id),
            id INTEGER NOT NULL, email TEXT, full_name TEXT, PRIMARY KEY (tenant_id, id));
        CREATE TABLE tasks (tenant_id INTEGER NOT NULL, id INTEGER NOT NULL, assignee_id INTEGER,
            title TEXT, PRIMARY KEY (tenant_id, id),
            FOREIGN KEY (tenant_id, assignee_id) REFERENCES users (tenant_id, id));
        CREATE TABLE comments (tenant_id INTEGER NOT NULL, id INTEGER NOT NULL, task_id INTEGER,
            user_id INTEGER, body TEXT, PRIMARY KEY (tenant_id, id),
            FOREIGN KEY (tenant_id, task_id) REFERENCES tasks (tenant_id, id),
            FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id));
        """,
        {
            "tenants": (5, [own, thing]),
            "users": (60, [to(5), own, email, person]),
            "tasks": (40, [to(5), own, to(60), thing]),
            "comments": (60, [to(5), own, to(40), to(60), note]),
        },
    )
    assert tool.asked() == {"users", "comments"}
    for name in tool.asked():
        (question,) = tool.proposals[name].questions
        assert "for which you hold these rows" in question
    assert tool.whose("users") == {"tenant_id": "referenced"}
    assert tool.whose("comments") == {
        "tenant_id,user_id": "owned",
        "tenant_id,task_id": "referenced",
    }
    assert tool.whose("tasks") == {"tenant_id,assignee_id": "referenced"}
    assert tool.about()["tenants"] == "none"


def test_an_address_that_only_people_point_to_is_reached_forward(company: Company) -> None:
    rental = company(
        """
        CREATE TABLE address (address_id INTEGER PRIMARY KEY, address TEXT, postal_code TEXT,
            phone TEXT);
        CREATE TABLE store (store_id INTEGER PRIMARY KEY,
            manager_staff_id INTEGER REFERENCES staff (staff_id),
            address_id INTEGER REFERENCES address (address_id));
        CREATE TABLE staff (staff_id INTEGER PRIMARY KEY, first_name TEXT, last_name TEXT,
            address_id INTEGER REFERENCES address (address_id), email TEXT,
            store_id INTEGER REFERENCES store (store_id), username TEXT);
        CREATE TABLE customer (customer_id INTEGER PRIMARY KEY,
            store_id INTEGER REFERENCES store (store_id), first_name TEXT, last_name TEXT,
            email TEXT, address_id INTEGER REFERENCES address (address_id));
        CREATE TABLE payment (payment_id INTEGER PRIMARY KEY,
            customer_id INTEGER REFERENCES customer (customer_id),
            staff_id INTEGER REFERENCES staff (staff_id), amount INTEGER);
        """,
        {
            "address": (70, [own, street, one_of("10115"), phone]),
            "store": (2, [own, to(2), to(70)]),
            "staff": (4, [own, first, last, to(70), email, to(2), username]),
            "customer": (60, [own, to(2), first, last, email, to(70)]),
            "payment": (60, [own, to(60), to(4), amount]),
        },
    )
    assert rental.asked() == set()
    assert rental.whose("customer") == {"address_id": "owned>", "store_id": "referenced"}
    assert rental.whose("store") == {"manager_staff_id": "referenced", "address_id": "referenced"}
    assert rental.whose("payment") == {"customer_id": "owned", "staff_id": "referenced"}
    assert rental.about()["address"] == "customer"
    assert rental.about()["store"] == "none"


def test_a_market_place_has_two_sides_and_its_transfers_too(company: Company) -> None:
    market = company(
        """
        CREATE TABLE users (id TEXT PRIMARY KEY, email TEXT UNIQUE, display_name TEXT);
        CREATE TABLE profiles (user_id TEXT PRIMARY KEY, bio TEXT, birth_date DATE);
        CREATE TABLE listings (id TEXT PRIMARY KEY, seller_id TEXT, description TEXT);
        CREATE TABLE sales (id TEXT PRIMARY KEY, listing_id TEXT, buyer_id TEXT, seller_id TEXT,
            buyer_address TEXT);
        CREATE TABLE events (id INTEGER PRIMARY KEY, user_uuid TEXT, name TEXT, ip TEXT);
        CREATE TABLE bank_accounts (id INTEGER PRIMARY KEY, user_id TEXT, iban TEXT);
        CREATE TABLE transfers (id INTEGER PRIMARY KEY, from_account_id INTEGER,
            to_account_id INTEGER, amount INTEGER);
        """,
        {
            "users": (60, [_uuid, email, person]),
            "profiles": (60, [_uuid, note, birth]),
            "listings": (30, [_uuid, _uuid_of(60), note]),
            "sales": (40, [_uuid, _uuid_of(30), _uuid_of(60), _uuid_of(60), street]),
            "events": (90, [own, _uuid_of(60), one_of("click"), lambda _, n: f"192.0.2.{n}"]),
            "bank_accounts": (60, [own, _uuid_of(60), lambda _, n: f"DE8937040044053201{n:04}"]),
            "transfers": (60, [own, to(60), to(60), amount]),
        },
    )
    assert market.whose("profiles") == {"user_id": "owned"}
    assert market.whose("events") == {"user_uuid": "owned"}
    assert market.proposals["events"].decision.references[0].to.name == "users"
    assert market.whose("sales")["buyer_id"] == market.whose("sales")["seller_id"] == "shared"
    assert market.proposals["sales"].decision.fields["buyer_address"].of == "buyer_id"
    assert market.whose("transfers") == {"from_account_id": "shared", "to_account_id": "shared"}
    # A seller is a clerk in one company and the customer in another.
    assert market.asked() == {"listings"}
    assert market.identity("users")["id"] == "account_id"


def test_what_nobody_can_be_found_in_is_asked_about(company: Company) -> None:
    desk = company(
        """
        CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT, full_name TEXT);
        CREATE TABLE tickets (id INTEGER PRIMARY KEY,
            requester_id INTEGER REFERENCES users (id),
            assignee_id INTEGER REFERENCES users (id), subject TEXT);
        CREATE TABLE ticket_messages (id INTEGER PRIMARY KEY,
            ticket_id INTEGER REFERENCES tickets (id),
            user_id INTEGER REFERENCES users (id), body TEXT);
        CREATE TABLE audit_log (id INTEGER PRIMARY KEY, actor_email TEXT, action TEXT);
        CREATE TABLE error_log (id INTEGER PRIMARY KEY, ip_address TEXT);
        CREATE TABLE former_users (old_id INTEGER, full_name TEXT, email TEXT);
        """,
        {
            "users": (60, [own, email, person]),
            "tickets": (50, [own, to(60), to(60), note]),
            "ticket_messages": (100, [own, to(50), to(60), note]),
            "audit_log": (90, [own, _email_of(60), one_of("sign in", "sign out")]),
            "error_log": (20, [own, lambda _, number: f"192.0.2.{number}"]),
            "former_users": (30, [own, person, lambda _, number: f"old{number}@example.com"]),
        },
    )
    assert desk.whose("tickets") == {"requester_id": "owned", "assignee_id": "referenced"}
    assert desk.whose("audit_log") == {"actor_email": "owned"}
    assert desk.identity("former_users")["email"] == "email"
    # Written by one, in the ticket of another: whose it is, only a person can say.
    assert desk.asked() == {"ticket_messages", "error_log"}


def test_numbers_that_happen_to_fit_are_no_reference(company: Company) -> None:
    shop = company(
        """
        CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT, full_name TEXT);
        CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER, quantity INTEGER,
            shelf_id INTEGER, year INTEGER);
        CREATE TABLE imported (id INTEGER PRIMARY KEY, customer_id INTEGER);
        """,
        {
            "customers": (60, [own, email, person]),
            "orders": (60, [own, to(60), to(9), to(9), to(20)]),
            "imported": (60, [own, lambda rng, _: rng.randint(1, 600)]),
        },
    )
    assert shop.whose("orders") == {"customer_id": "owned"}
    # Nine in ten of these customers do not exist: the name alone proves nothing.
    assert shop.whose("imported") == {}


def test_the_same_stores_give_the_same_proposals(tmp_path: Path) -> None:
    path = tmp_path / "company.sqlite"
    write_company(path, WEBSHOP, {"users": (30, [own, email, first, last, HASH])})
    assert map_company(path).proposals == map_company(path).proposals


def test_what_cannot_be_read_is_asked_about_and_copies_are_noted(tmp_path: Path) -> None:
    path = tmp_path / "company.sqlite"
    write_company(
        path,
        """
        CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT, full_name TEXT);
        CREATE VIRTUAL TABLE found USING fts5 (email, note);
        CREATE VIRTUAL TABLE search USING fts5 (body);
        """,
        {"customers": (30, [own, email, person]), "found": (30, [email, note])},
    )
    # Nothing in the index of a search tells whose text it is.
    # A table of a module that this machine does not have: nothing of it can be seen.
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "INSERT INTO sqlite_master (type, name, tbl_name, rootpage, sql) VALUES"
            " ('table', 'places', 'places', 0, 'CREATE VIRTUAL TABLE places USING elsewhere(x)')"
        )
    connection.close()
    company = map_company(path)
    assert company.asked() == {"places", "search"}
    assert "elsewhere" in company.proposals["places"].questions[0]
    assert "fts5" in company.proposals["found"].notes[0]
    assert company.identity("found") == {"email": "email"}


GUESTS = """
CREATE TABLE customers (id INTEGER PRIMARY KEY, full_name TEXT, email TEXT);
CREATE TABLE orders (id INTEGER PRIMARY KEY,
    customer_id INTEGER REFERENCES customers (id), guest_email TEXT, total INTEGER);
"""


@pytest.mark.parametrize("guests", [True, False])
def test_whose_a_row_is_that_names_no_owner_is_asked(company: Company, guests: bool) -> None:
    shop = company(
        GUESTS,
        {
            "customers": (30, [own, person, email]),
            "orders": (60, [own, to(30, holes=guests), email, amount]),
        },
    )
    assert shop.asked() == ({"orders"} if guests else set())


TENANTS = """
CREATE TABLE tenants (tenant TEXT PRIMARY KEY, company_name TEXT);
CREATE TABLE users (id INTEGER PRIMARY KEY, tenant TEXT REFERENCES tenants (tenant),
    email TEXT UNIQUE, full_name TEXT);
CREATE TABLE notes (id INTEGER PRIMARY KEY, tenant TEXT REFERENCES tenants (tenant),
    user_id INTEGER REFERENCES users (id), body TEXT);
"""


def _slug(rows: int) -> Make:
    return lambda _, number: f"company{number % rows + 1}"


def test_a_company_that_rents_the_tool_is_no_person_and_owns_nobody(company: Company) -> None:
    tool = company(
        TENANTS,
        {
            "tenants": (8, [_slug(8), thing]),
            "users": (40, [own, _slug(8), email, person]),
            "notes": (40, [own, _slug(8), to(40), note]),
        },
    )
    assert tool.identity("tenants") == {}
    assert tool.identity("users") == {"email": "email", "full_name": "name"}
    assert tool.whose("users") == {"tenant": "referenced"}
    assert tool.whose("notes") == {"tenant": "referenced", "user_id": "owned"}
    assert tool.about()["users"] == "customer"
    assert tool.about()["tenants"] in {"none", "organisation"}
    for table in ("tenants", "users", "notes"):
        written = tool.proposals[table].decision.fields.get("tenant")
        assert written is None or written.categories == ()


def test_a_tenant_of_a_flat_is_a_person(company: Company) -> None:
    houses = company(
        """
        CREATE TABLE tenants (id INTEGER PRIMARY KEY, first_name TEXT, last_name TEXT, email TEXT,
            phone TEXT);
        CREATE TABLE leases (id INTEGER PRIMARY KEY, tenant_id INTEGER REFERENCES tenants (id),
            starts_on DATE);
        """,
        {"tenants": (40, [own, first, last, email, phone]), "leases": (60, [own, to(40), day])},
    )
    assert houses.asked() == set()
    assert houses.about() == {"tenants": "customer", "leases": "customer"}
    assert houses.whose("leases") == {"tenant_id": "owned"}


def test_a_tenant_with_a_name_and_an_address_is_asked_about(company: Company) -> None:
    either = company(
        "CREATE TABLE tenants (id INTEGER PRIMARY KEY, name TEXT, email TEXT, phone TEXT);",
        {"tenants": (40, [own, person, email, phone])},
    )
    assert either.asked() == {"tenants"}


@pytest.mark.parametrize("table", ["shops", "companies", "sites", "organisations"])
def test_an_organisation_with_its_own_name_and_telephone_is_no_person(
    company: Company, table: str
) -> None:
    word = {"companies": "company"}.get(table, table[:-1])
    chain = company(
        f"""
        CREATE TABLE {table} (id INTEGER PRIMARY KEY, {word}_name TEXT, phone TEXT, email TEXT);
        CREATE TABLE customers (id INTEGER PRIMARY KEY, {word}_id INTEGER REFERENCES {table} (id),
            email TEXT, full_name TEXT);
        """,
        {table: (12, [own, person, phone, email]), "customers": (40, [own, to(12), email, person])},
    )
    assert chain.identity(table) == {}
    assert chain.whose("customers") == {f"{word}_id": "referenced"}


@pytest.mark.parametrize(
    "table", ["invoices", "payslips", "payments", "tax_documents", "factures_client"]
)
def test_what_law_may_make_a_company_keep_says_so_before_it_is_deleted(
    tmp_path: Path, table: str
) -> None:
    path = tmp_path / "company.sqlite"
    write_company(
        path,
        f"""
        CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT, full_name TEXT);
        CREATE TABLE {table} (id INTEGER PRIMARY KEY,
            customer_id INTEGER REFERENCES customers (id), issued_on DATE, total INTEGER);
        CREATE TABLE visits (id INTEGER PRIMARY KEY,
            customer_id INTEGER REFERENCES customers (id), seen_on DATE);
        """,
        {
            "customers": (30, [own, email, person]),
            table: (30, [own, to(30), day, amount]),
            "visits": (30, [own, to(30), day]),
        },
    )
    shop = map_company(path)
    assert shop.asked() == set()
    assert shop.erasing(table) == "delete"
    (said,) = shop.proposals[table].notes
    assert said.startswith("law may make you keep these: set minimum = {")
    assert 'counted_from = "issued_on"' in said
    assert shop.proposals["visits"].notes == ()
    german = {
        each.id.name: each.notes
        for each in propose(shop.inventory, shop.catalogs, establishment="DE-BY")
    }
    assert "de-ao-147-invoices" in german[table][0]
    assert "gb-vat" not in german[table][0]
    written = write_proposals("", propose(shop.inventory, shop.catalogs, establishment="DE"))
    assert "# Note: law may make you keep these" in written.text


PEOPLE = "CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT, word TEXT);"


@pytest.mark.parametrize(("score", "asked"), [(0.4, True), (0.52, True), (0.56, False)])
def test_what_is_little_better_than_a_guess_is_asked_and_never_accepted(
    company: Company, score: float, asked: bool
) -> None:
    shop = company(PEOPLE, {"customers": (30, [own, email, thing])})
    found = (Classified(category=DataCategory.USER_CONTACT_PHONE_NUMBER, score=score),)
    likely = score >= 0.5
    (customers,) = shop.inventory.datasets
    fields = tuple(
        replace(each, categories=found if likely else (), ambiguous=() if likely else found)
        if each.name == "word"
        else each
        for each in customers.fields
    )
    inventory = Inventory(datasets=(replace(customers, fields=fields),))
    proposals = propose(inventory, shop.catalogs)
    assert any("word" in question for question in proposals[0].questions) is asked
    written = write_proposals("", proposals, accept=True)
    assert bool(written.decided) is not asked
