"""Kinds of columns that hold something of people: the half that nobody tunes on."""

import base64
import random

from faker import Faker

from labelled.column import Kind, Make, personal
from labelled.people_columns import language, names, token
from labelled.valid_numbers import birth, luhn, nir, passing, personnummer

_LANG = {"pt": "es", "hi": "en"}
_NATIONAL = {
    "en": lambda rng: passing(rng, "us.ssn"),
    "fr": nir,
    "de": lambda rng: passing(rng, "ch.ssn"),
    "pt": lambda rng: passing(rng, "br.cpf"),
    "ar": lambda rng: (
        f"3{rng.randint(0, 5):02}{birth(rng, '{m:02}{d:02}')}{rng.choice(['01', '13', '16'])}{rng.randrange(100_000):05}"
    ),
    "hi": lambda rng: passing(rng, "in_.aadhaar"),
}
_ARABIC_STREETS = [
    "الأمير سلطان",
    "الزهور",
    "عمر المختار",
    "الرشيد",
    "القدس",
    "الأندلس",
    "المطار",
    "الياسمين",
]
_ARABIC_TOWNS = [
    "غزة",
    "نابلس",
    "رام الله",
    "الخليل",
    "أريحا",
    "المنصورة",
    "أسيوط",
    "الزرقاء",
    "إربد",
    "طرابلس",
    "بنغازي",
    "مكة",
    "المدينة المنورة",
    "أبها",
    "تبوك",
    "الرباط",
    "فاس",
    "مراكش",
    "وهران",
    "قسنطينة",
]
# fmt: off
_COMPLAINTS = {
    "en": ["my order came damaged and I want a new one", "could you tell me when my card will arrive", "we moved house so our address changed", "I cannot log in since my phone broke"],
    "fr": ["ma commande est arrivée abîmée et je veux un échange", "nous avons déménagé le mois dernier", "je ne peux plus me connecter à mon compte"],
    "de": ["meine Bestellung kam beschädigt an und ich möchte Ersatz", "wir sind umgezogen und unsere Adresse ist neu", "ich kann mich nicht mehr anmelden seit gestern"],
    "pt": ["meu pedido chegou quebrado e quero trocar", "nós mudamos de casa no mês passado", "não consigo entrar na minha conta desde ontem"],
    "ar": ["وصل طلبي تالفا وأريد استبداله بآخر جديد", "نحن انتقلنا إلى بيت جديد في الشهر الماضي", "لا أستطيع الدخول إلى حسابي منذ أمس"],
    "hi": ["my parcel is late and I need it by Monday", "please cancel my subscription from next month", "our family plan was charged twice this month"],
}
# fmt: on


def _complaint(fake: Faker, rng: random.Random) -> str:
    own = _COMPLAINTS[language(fake)]
    return f"{rng.choice(own)}, {rng.choice(own)} {rng.randint(1, 9999)}"


def _in_fours(text: str) -> str:
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def _town(fake: Faker, rng: random.Random) -> str:
    return rng.choice(_ARABIC_TOWNS) if language(fake) == "ar" else fake.city()


def _street(fake: Faker, rng: random.Random) -> str:
    if language(fake) == "ar":
        return f"{rng.randint(1, 90)} شارع {rng.choice(_ARABIC_STREETS)}"
    return fake.street_address().replace("\n", ", ")


def _day_first(_: Faker, rng: random.Random) -> str:
    return f"{rng.randint(1, 28):02}/{rng.randint(1, 12):02}/{rng.randint(1935, 2006)}"


def _choice(**by_language: str) -> Make:
    known = {key: text.split(",") for key, text in by_language.items()}
    return lambda fake, rng: rng.choice(known.get(language(fake)) or known["en"])


_LATIN = frozenset({"en", "fr", "de", "pt"})

# One kind a line: this is a table.
# fmt: off
HELD_OUT: tuple[Kind, ...] = (
    personal("email", "user.contact.email", lambda f, r: f"{token(r, 5).lower()}.{token(r, 6).lower()}@{r.choice(['mail', 'firma', 'uni'])}.example.org", names(en="mail_addr, contactEmail", fr="mel, email_client", de="mailadresse", pt="email_usuario, e_mail", ar="ايميل, البريد", hi="user_email")),
    personal("phone", "user.contact.phone_number", lambda f, r: f.phone_number(), names(en="cell_phone, home_phone", fr="num_tel, tel", de="rufnummer, mobilnummer", pt="celular, telefone", ar="موبايل, رقم_التليفون", hi="contact_no")),
    personal("e164", "user.contact.phone_number", lambda f, r: f"+{r.choice(['1415', '33612', '491512', '55119', '97150', '91981'])}{r.randrange(10**7):07}", names(en="whatsapp_number, phone_e164"), languages=frozenset({"en", "hi"})),
    personal("first", "user.name.first", lambda f, r: f.first_name(), names(en="forename, fname", fr="prenoms", de="Rufname", pt="primeiro_nome", ar="الاسم_الشخصي", hi="given_name"), also=frozenset({"user.name"})),
    personal("last", "user.name.last", lambda f, r: f.last_name(), names(en="family_name, lname", fr="nom_naissance", de="zuname", pt="sobrenome", ar="اللقب", hi="surname"), also=frozenset({"user.name"})),
    personal("name", "user.name", lambda f, r: f"{f.last_name()}, {f.first_name()}" if r.random() < 0.5 else f"{f.first_name()} {f.last_name()}", names(en="contact_person, patient_name", fr="nom_prenom, titulaire", de="ansprechpartner, kontoinhaber", pt="nome_completo, nome_cliente", ar="اسم_العميل, اسم_المريض", hi="member_name")),
    personal("street", "user.contact.address.street", _street, names(en="mailing_address, home_address", fr="adresse_livraison", de="lieferadresse, hausanschrift", pt="endereco, logradouro", ar="الشارع, عنوان_المنزل", hi="residential_address"), languages=frozenset({"en", "fr", "de", "pt", "ar"}), also=frozenset({"user.contact.address"})),
    personal("city", "user.contact.address.city", _town, names(en="hometown, city_name", fr="localite", de="ortschaft", pt="cidade, municipio", ar="البلدية, مدينة_السكن", hi="city"), languages=frozenset({"de", "ar"})),
    personal("postal", "user.contact.address.postal_code", lambda f, r: f.postcode(), names(en="zip, postal_code", fr="code_postal", de="plz", pt="cep", ar="رمز_بريدي", hi="pincode"), decides=False),
    personal("birth", "user.demographic.date_of_birth", _day_first, names(en="birth_date, birthday", fr="ddn, ne_le", de="geboren_am", pt="data_nascimento", ar="تاريخ_الولادة", hi="dob")),
    personal("national", "user.government_id.national_identification_number", lambda f, r: _NATIONAL[language(f)](r), names(en="ssn, social_security_number", fr="num_secu", de="ahv_nummer", pt="cpf", ar="الرقم_القومي", hi="aadhaar")),
    personal("personnummer", "user.government_id.national_identification_number", lambda f, r: personnummer(r), names(en="personnummer"), languages=frozenset({"en", "de"})),
    personal("bsn", "user.government_id.national_identification_number", lambda f, r: passing(r, "nl.bsn"), names(en="bsn, bsn_nummer"), languages=frozenset({"en", "de"}), decides=False),
    personal("rut", "user.government_id.national_identification_number", lambda f, r: passing(r, "cl.rut"), names(pt="rut, rut_cliente"), languages=frozenset({"pt"})),
    personal("driver", "user.government_id.drivers_license_number", lambda f, r: token(r, 1, "ABCDEFGH") + f"{r.randrange(10**7):07}", names(en="drivers_license, dl_number", fr="permis_de_conduire", de="fuehrerscheinnummer", pt="cnh", ar="رخصة_القيادة"), languages=frozenset({"en", "fr", "de", "ar", "pt"}), decides=False),
    personal("iban", "user.financial.bank_account", lambda f, r: _in_fours(f.iban()), names(en="account_iban", fr="iban_client", de="bankverbindung", pt="conta_bancaria", ar="رقم_الآيبان", hi="bank_account_no"), languages=frozenset({"en", "fr", "de"})),
    personal("card", "user.financial.credit_card", lambda f, r: _in_fours(luhn(f"4{r.randrange(10**14):014}")), names(en="pan_number_card, cc_number", fr="carte_bancaire", de="kartennummer", pt="numero_cartao", ar="رقم_الفيزا", hi="card_no")),
    personal("masked", "user.financial.credit_card", lambda f, r: f"**** **** **** {r.randrange(10**4):04}", names(en="masked_card, card_last4"), languages=frozenset({"en", "fr"})),
    personal("income", "user.financial", lambda f, r: r.randint(18_000, 160_000), names(en="yearly_income, net_pay", fr="revenu_annuel", de="bruttogehalt, einkommen", pt="renda_mensal, salario", ar="الدخل, الراتب_الشهري", hi="salary"), decides=False),
    personal("ip", "user.device.ip_address", lambda f, r: f"{r.randint(11, 220)}.{r.randint(0, 255)}.{r.randint(0, 255)}.{r.randint(1, 254)}", names(en="signup_ip, session_ip", de="letzte_ip", pt="endereco_ip"), languages=frozenset({"en", "de", "pt"})),
    personal("agent", "user.device", lambda f, r: f"Mozilla/5.0 (Linux; Android {r.randint(9, 15)}; Pixel {r.randint(4, 9)}) AppleWebKit/537.36 Chrome/{r.randint(90, 130)}.0.{r.randint(1000, 6000)}.0 Mobile Safari/537.36", names(en="ua_string, browser_agent"), languages=frozenset({"en", "fr"})),
    personal("mac", "user.device.device_id", lambda f, r: "-".join(f"{r.randrange(256):02x}" for _ in range(6)), names(en="bluetooth_mac, device_mac"), languages=frozenset({"en", "de"})),
    personal("android", "user.device.device_id", lambda f, r: r.randbytes(8).hex(), names(en="android_id, device_id"), languages=frozenset({"en", "hi"}), decides=False),
    personal("fbp", "user.device.cookie_id", lambda f, r: f"fb.1.{r.randint(1600000000000, 1700000000000)}.{r.randrange(10**9)}", names(en="fbp, visitor_cookie"), languages=frozenset({"en", "fr"})),
    personal("argon", "user.authorization.password", lambda f, r: f"$argon2id$v=19$m=65536,t=3,p=4${token(r, 22)}${token(r, 43)}", names(en="passwd_hash, user_password", fr="mdp, mot_de_passe_hash", de="kennwort", pt="senha", ar="كلمة_السر"), languages=frozenset({"en", "fr", "de", "pt", "ar"})),
    personal("ldap", "user.authorization.password", lambda f, r: "{SSHA}" + base64.b64encode(r.randbytes(28)).decode(), names(en="userPassword, pw"), languages=frozenset({"en", "de"})),
    personal("github", "user.authorization.credentials", lambda f, r: f"ghp_{token(r, 36)}", names(en="personal_access_token, oauth_token"), languages=frozenset({"en", "fr"})),
    personal("username", "user.account.username", lambda f, r: f"{f.first_name().lower()}{r.choice(['.', '_', ''])}{f.last_name().lower()}{r.choice(['', r.randint(1, 99)])}", names(en="login_name, screen_name", fr="pseudo, identifiant_utilisateur", de="anmeldename", pt="nome_usuario"), languages=_LATIN, also=frozenset({"user.name", "user.unique_id", "user.name.first", "user.name.last"})),
    personal("gender", "user.demographic.gender", _choice(en="M,F,X", fr="masculin,féminin", de="m,w,d", pt="masculino,feminino", ar="ذكر,أنثى", hi="Male,Female,Other"), names(en="sex, gender_code", fr="sexe", de="geschlecht", pt="sexo, genero", ar="النوع", hi="gender"), most=3),
    personal("marital", "user.demographic.marital_status", _choice(en="Never married,Married,Separated,Divorced,Widowed", fr="célibataire,pacsé,marié,divorcé", de="ledig,verheiratet,geschieden", pt="solteiro,casado,divorciado,viúvo", ar="أعزب,متزوج,مطلق"), names(en="civil_status, relationship_status", fr="etat_civil", de="zivilstand", pt="estado_civil", ar="الحالة_المدنية"), most=5),
    personal("religion", "user.demographic.religious_belief", _choice(en="Christian,Muslim,Hindu,Buddhist,Sikh,Jewish", fr="catholique,musulmane,juive,bouddhiste", de="römisch-katholisch,evangelisch,islamisch", pt="católica,evangélica,espírita", ar="مسلم,مسيحي", hi="Hindu,Muslim,Sikh,Christian,Jain"), names(en="faith, religious_affiliation", fr="culte", de="religionszugehoerigkeit", pt="religiao", ar="الديانة", hi="religion"), most=6),
    personal("blood", "user.health", _choice(en="O positive,O negative,A positive,A negative,B positive,AB positive"), names(en="blood_group", fr="groupe_sanguin", de="blutgruppe", pt="tipo_sanguineo"), languages=_LATIN, most=6),
    personal("icd", "user.health.medical_diagnosis", lambda f, r: f"{r.choice('ABCEGIJKLMN')}{r.randint(1, 99):02}.{r.randint(0, 9)}", names(en="icd_code, principal_diagnosis", fr="diagnostic_principal", de="hauptdiagnose", pt="diagnostico, cid10"), languages=_LATIN),
    personal("medication", "user.health.medications", _choice(en="metformin,ibuprofen,amoxicillin,lisinopril,atorvastatin,omeprazole,sertraline,salbutamol", fr="paracétamol,ibuprofène,amoxicilline,metformine,oméprazole"), names(en="medication, prescribed_drug", fr="traitement_medicamenteux, medicament_prescrit"), languages=frozenset({"en", "fr"}), most=8),
    personal("nationality", "user.demographic.citizenship_or_immigration_status", _choice(en="American,Canadian,Mexican,Chinese,Filipino,Cuban,Jamaican,Korean", fr="française,canadienne,belge,suisse,algérienne,marocaine", de="österreichisch,deutsch,schweizerisch,türkisch,polnisch", pt="brasileira,portuguesa,angolana,argentina"), names(en="citizenship_status, nationality", fr="nationalite", de="staatsbuergerschaft", pt="nacionalidade"), languages=_LATIN, most=8),
    personal("job", "user.professional_information.job_title", lambda f, r: f.job(), names(en="position_title, profession", fr="poste_occupe, fonction", de="berufsbezeichnung", pt="cargo, profissao"), languages=frozenset({"en", "de", "pt"})),
    personal("words", "user.content", _complaint, names(en="complaint_text, review_text", fr="avis_client, reclamation", de="anmerkung, kundenfeedback", pt="mensagem, comentario", ar="شكوى, تعليق", hi="feedback"), also=frozenset({"user.content.private", "user.content.public"})),
    personal("mixed", "user.contact.email user.contact.phone_number", lambda f, r: f.ascii_email() if r.random() < 0.5 else f"+4917{r.randrange(10**8, 10**9)}", names(en="contact_point, email_or_phone"), languages=frozenset({"en", "de"})),
    personal("position", "user.location.precise", lambda f, r: f"POINT({r.uniform(-170, 170):.5f} {r.uniform(-60, 60):.5f})", names(en="last_known_location, geo_point"), languages=frozenset({"en", "pt"})),
    personal("handle", "user.account.username", lambda f, r: f"@{f.user_name() if language(f) != 'ar' else token(r, 8).lower()}", names(en="handle, nickname"), languages=frozenset({"en", "fr"}), also=frozenset({"user.contact.social_url"})),
    personal("instagram", "user.contact.social_url", lambda f, r: f"instagram.com/{token(r, 8).lower()}", names(en="instagram_url, social_link"), languages=frozenset({"en", "pt"})),
    personal("age", "user.demographic.age_range", lambda f, r: r.choice(["18-24", "25-34", "35-44", "45-54", "55-64", "65+"]), names(en="age_group, age_bracket", fr="tranche_age", de="altersgruppe", pt="faixa_etaria"), languages=_LATIN, most=6, decides=False),
    personal("conviction", "user.criminal_history", _choice(en="theft,fraud,assault,burglary,none,drink driving"), names(en="criminal_record, convictions"), languages=frozenset({"en"}), most=6, decides=False),
    personal("orientation", "user.demographic.sexual_orientation", _choice(en="straight,gay,lesbian,bisexual,prefer not to say", fr="hétérosexuel,homosexuel,bisexuel"), names(en="orientation, sexuality", fr="orientation_sexuelle"), languages=frozenset({"en", "fr"}), most=5),
    personal("ethnicity", "user.demographic.race_ethnicity", _choice(en="White,Black or African American,Asian,Hispanic or Latino,Two or more races", pt="branca,preta,parda,amarela,indígena"), names(en="race, ethnic_origin", pt="raca, etnia"), languages=frozenset({"en", "pt"}), most=5),
    personal("insurance", "user.health.insurance_beneficiary_id", lambda f, r: f"{token(r, 1, 'ABKMX')}{r.randrange(10**9):09}", names(en="health_insurance_number, insurance_member_id", de="krankenversicherungsnummer", fr="numero_mutuelle"), languages=frozenset({"en", "de", "fr"}), decides=False),
)
# fmt: on
