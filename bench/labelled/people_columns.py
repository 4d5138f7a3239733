"""Kinds of columns that hold something of people: the half that is tuned on."""

import json
import random
import string

from faker import Faker

from labelled.column import Kind, Make, personal
from labelled.valid_numbers import egyptian, imei, luhn, nino, nir, passing, pesel, saudi

_CITIES = {
    "ar": [
        "الرياض",
        "جدة",
        "الدمام",
        "القاهرة",
        "الإسكندرية",
        "عمان",
        "بغداد",
        "دمشق",
        "بيروت",
        "الدوحة",
        "المنامة",
        "تونس",
        "الجزائر",
        "الخرطوم",
        "طنطا",
        "حلب",
        "الموصل",
        "البصرة",
        "صنعاء",
        "مسقط",
    ],
    "tr": [
        "İstanbul",
        "Ankara",
        "İzmir",
        "Bursa",
        "Antalya",
        "Adana",
        "Konya",
        "Gaziantep",
        "Kayseri",
        "Mersin",
        "Eskişehir",
        "Samsun",
        "Trabzon",
        "Malatya",
        "Erzurum",
        "Van",
    ],
}
_STREETS = {
    "ar": [
        "الملك_فهد",
        "العليا",
        "التحلية",
        "الجامعة",
        "النيل",
        "رمسيس",
        "الهرم",
        "الحمراء",
        "الثورة",
        "السلام",
        "الوحدة",
        "فلسطين",
    ],
    "tr": [
        "Atatürk",
        "Cumhuriyet",
        "İnönü",
        "Gazi",
        "Bağdat",
        "Fatih",
        "Menderes",
        "Barbaros",
        "Zafer",
        "Lale",
        "Gül",
        "Menekşe",
    ],
}
_BODY = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def token(rng: random.Random, size: int, letters: str = _BODY) -> str:
    return "".join(rng.choices(letters, k=size))


def language(fake: Faker) -> str:
    return fake.locales[0][:2]


def city(fake: Faker, rng: random.Random) -> str:
    own = _CITIES.get(language(fake))
    return rng.choice(own) if own else fake.city()


def street(fake: Faker, rng: random.Random) -> str:
    spoken = language(fake)
    if spoken == "ar":
        return f"شارع {rng.choice(_STREETS['ar']).replace('_', ' ')} {rng.randint(1, 200)}"
    if spoken == "tr":
        return f"{rng.choice(_STREETS['tr'])} {rng.choice(['Caddesi', 'Sokak', 'Cad.', 'Sk.'])} No:{rng.randint(1, 150)}"
    return fake.street_address()


_NATIONAL = {
    "en": nino,
    "fr": nir,
    "de": lambda rng: passing(rng, "de.idnr"),
    "es": lambda rng: passing(rng, "es.dni"),
    "ar": saudi,
    "tr": lambda rng: passing(rng, "tr.tckimlik"),
}
# fmt: off
_OWN_WORDS = {
    "en": ["I have not received my parcel yet", "please call me back after five", "my daughter was very happy with it", "we would like to change our booking", "thanks for your quick help last week", "I am still waiting for my refund"],
    "fr": ["je n'ai pas encore reçu mon colis", "merci de me rappeler après dix-sept heures", "ma fille était très contente du cadeau", "nous voudrions changer notre réservation", "bonjour, je souhaite fermer mon compte"],
    "de": ["ich habe mein Paket noch nicht erhalten", "bitte rufen Sie mich nach fünf Uhr zurück", "meine Tochter war sehr zufrieden damit", "wir möchten unsere Buchung gerne ändern", "danke für die schnelle Hilfe letzte Woche"],
    "es": ["todavía no he recibido mi paquete", "por favor llámeme después de las cinco", "mi hija estaba muy contenta con el regalo", "hola, quiero cambiar mi reserva de mañana", "gracias por su ayuda de la semana pasada"],
    "ar": ["لم أستلم طلبي حتى الآن من شركتكم", "أرجو الاتصال بي بعد الساعة الخامسة مساء", "شكرا على المساعدة السريعة في الأسبوع الماضي", "أنا ما زلت أنتظر استرداد المبلغ المدفوع", "نحن نريد تغيير موعد الحجز لو سمحتم"],
    "tr": ["paketimi hala almadım lütfen yardım edin", "lütfen beni saat beşten sonra arayın", "kızım bu hediyeden çok memnun kaldı", "rezervasyonumuzu değiştirmek istiyoruz lütfen", "geçen haftaki yardımınız için teşekkür ederim"],
}
# fmt: on


def words(fake: Faker, rng: random.Random) -> str:
    own = _OWN_WORDS[language(fake)]
    return ". ".join(rng.sample(own, rng.randint(1, 3))) + f" ({rng.randint(1, 9999)})"


def _pick(text: str) -> Make:
    values = [each.strip() for each in text.split(",")]
    return lambda fake, rng: rng.choice(values)


def names(**by_language: str) -> dict[str, list[str]]:
    return {key: [each.strip() for each in text.split(",")] for key, text in by_language.items()}


# One kind a line: this is a table.
# fmt: off
TUNED: tuple[Kind, ...] = (
    personal("email", "user.contact.email", lambda f, r: f.ascii_email(), names(en="email, email_address, contact email", fr="courriel, adresse_email", de="email_adresse, E-Mail", es="correo, correo_electronico", ar="البريد_الإلكتروني, barid_electroni", tr="eposta, e_posta")),
    personal("phone", "user.contact.phone_number", lambda f, r: f.phone_number(), names(en="phone, mobile_no, phone number", fr="telephone, tel_portable", de="telefonnummer, Handy", es="telefono, movil", ar="رقم_الجوال, raqm_hatif", tr="telefon, cep_telefonu"), also=frozenset({"user.contact.fax_number"})),
    personal("first", "user.name.first", lambda f, r: f.first_name(), names(en="first_name, given name", fr="prenom", de="vorname", es="nombre_de_pila, primer_nombre", ar="الاسم_الأول", tr="ad, isim"), also=frozenset({"user.name"})),
    personal("last", "user.name.last", lambda f, r: f.last_name(), names(en="last_name, surname", fr="nom_de_famille", de="nachname, Familienname", es="apellidos, apellido", ar="اسم_العائلة", tr="soyad, soyadi"), also=frozenset({"user.name"})),
    personal("name", "user.name", lambda f, r: f.name(), names(en="full_name, customer_name", fr="nom_complet, nom_client", de="kundenname, vollstaendiger_name", es="nombre_completo, nombre_cliente", ar="الاسم_الكامل, ism_kamil", tr="ad_soyad, musteri_adi")),
    personal("street", "user.contact.address.street", street, names(en="street, address_line_1", fr="adresse_postale, rue", de="strasse, Anschrift", es="calle, domicilio", ar="عنوان_السكن, unwan", tr="adres, sokak"), also=frozenset({"user.contact.address"})),
    personal("city", "user.contact.address.city", city, names(en="city, town", fr="ville, commune", de="wohnort, stadt", es="ciudad, municipio", ar="المدينة, madina", tr="sehir, il"), languages=frozenset({"de", "ar", "tr"})),
    personal("postal", "user.contact.address.postal_code", lambda f, r: f.postcode(), names(en="postcode, zip_code", fr="code_postal", de="plz, postleitzahl", es="codigo_postal", ar="الرمز_البريدي", tr="posta_kodu"), decides=False),
    personal("country", "user.contact.address.country", lambda f, r: f.country(), names(en="country_of_residence, country", fr="pays_residence, pays", de="wohnsitzland, land", es="pais_de_residencia", ar="بلد_الإقامة", tr="ulke"), most=120),
    personal("birth", "user.demographic.date_of_birth", lambda f, r: f.date_of_birth(minimum_age=17, maximum_age=88).isoformat(), names(en="date_of_birth, dob", fr="date_naissance", de="geburtsdatum", es="fecha_nacimiento", ar="تاريخ_الميلاد", tr="dogum_tarihi")),
    personal("national", "user.government_id.national_identification_number", lambda f, r: _NATIONAL[language(f)](r), names(en="national_insurance_number, nino", fr="numero_securite_sociale, nir", de="steuer_id", es="dni", ar="رقم_الهوية, raqm_hawiya", tr="tc_kimlik_no")),
    personal("cnic", "user.government_id.national_identification_number", lambda f, r: f"{r.randint(1, 7)}{r.randrange(10000):04}-{r.randrange(10**7):07}-{r.randint(1, 9)}", names(en="cnic, cnic_no"), languages=frozenset({"en"})),
    personal("egyptian", "user.government_id.national_identification_number", lambda f, r: egyptian(r), names(ar="الرقم_القومي, raqm_qawmi"), languages=frozenset({"ar"})),
    personal("pesel", "user.government_id.national_identification_number", lambda f, r: pesel(r), names(en="pesel"), languages=frozenset({"en", "de"})),
    personal("passport", "user.government_id.passport_number", lambda f, r: r.choice("ABCLMPX") + f"{r.randrange(10**7):07}", names(en="passport_no, passport_number", fr="numero_passeport", de="reisepassnummer", es="pasaporte", ar="رقم_الجواز", tr="pasaport_no"), decides=False),
    personal("iban", "user.financial.bank_account", lambda f, r: f.iban(), names(en="iban, bank_account", fr="iban, compte_bancaire", de="iban, kontonummer", es="iban, cuenta_bancaria", ar="iban, رقم_الحساب_البنكي", tr="iban")),
    personal("card", "user.financial.credit_card", lambda f, r: luhn(f"4{r.randrange(10**14):014}") if r.random() < 0.6 else luhn(f"5{r.randint(1, 5)}{r.randrange(10**13):013}"), names(en="card_number, credit_card", fr="numero_carte_bancaire", de="kreditkarte, Kreditkartennummer", es="numero_tarjeta, tarjeta_credito", ar="رقم_بطاقة_الائتمان", tr="kredi_karti_no")),
    personal("salary", "user.financial", lambda f, r: round(r.uniform(12000, 120000), 2), names(en="salary, annual_salary", fr="salaire, salaire_brut", de="gehalt, jahresgehalt", es="salario, sueldo", ar="الراتب", tr="maas"), decides=False),
    personal("ip", "user.device.ip_address", lambda f, r: f.ipv4_public(), names(en="ip_address, client_ip, last_login_ip", fr="adresse_ip", de="ip_adresse", es="direccion_ip", ar="عنوان_IP", tr="ip_adresi")),
    personal("ipv6", "user.device.ip_address", lambda f, r: f.ipv6(), names(en="ip, remote_addr"), languages=frozenset({"en"})),
    personal("agent", "user.device", lambda f, r: f.user_agent(), names(en="user_agent, http_user_agent"), languages=frozenset({"en", "de", "es"})),
    personal("mac", "user.device.device_id", lambda f, r: f.mac_address(), names(en="mac_address, wifi_mac", fr="adresse_mac", ar="عنوان_MAC"), languages=frozenset({"en", "fr", "ar"}), decides=True),
    personal("imei", "user.device.device_id", lambda f, r: imei(r), names(en="imei, imei_number", fr="numero_imei"), languages=frozenset({"en", "fr"})),
    personal("idfa", "user.device.device_id", lambda f, r: str(f.uuid4()).upper(), names(en="idfa, advertising_id, gaid"), languages=frozenset({"en", "es"}), decides=False),
    personal("cookie", "user.device.cookie_id", lambda f, r: f"GA1.2.{r.randrange(10**9)}.{r.randint(1500000000, 1700000000)}", names(en="cookie_id, ga_client_id"), languages=frozenset({"en", "de"})),
    personal("bcrypt", "user.authorization.password", lambda f, r: f"$2b$12${token(r, 53, _BODY + './')}", names(en="password_hash, pwd", fr="mot_de_passe", de="passwort", es="contrasena", ar="كلمة_المرور", tr="sifre, parola")),
    personal("django", "user.authorization.password", lambda f, r: f"pbkdf2_sha256$600000${token(r, 22)}${token(r, 43)}=", names(en="password, passwd"), languages=frozenset({"en", "fr"})),
    personal("token", "user.authorization.credentials", lambda f, r: f"sk_live_{token(r, 24)}", names(en="api_key, secret_key"), languages=frozenset({"en", "de"})),
    personal("jwt", "user.authorization.credentials", lambda f, r: f"eyJ{token(r, 33)}.eyJ{token(r, 60)}.{token(r, 43)}", names(en="access_token, refresh_token"), languages=frozenset({"en", "es"})),
    personal("username", "user.account.username", lambda f, r: f.user_name(), names(en="username, user_name, login", fr="identifiant_connexion, nom_utilisateur", de="benutzername", es="nombre_usuario, usuario", tr="kullanici_adi"), languages=frozenset({"en", "fr", "de", "es", "tr"}), also=frozenset({"user.unique_id"})),
    personal("gender", "user.demographic.gender", lambda f, r: r.choice({"en": ["male", "female"], "fr": ["homme", "femme"], "de": ["männlich", "weiblich"], "es": ["hombre", "mujer"], "ar": ["ذكر", "أنثى"], "tr": ["erkek", "kadın"]}[language(f)]), names(en="gender, sex", fr="sexe", de="geschlecht", es="sexo", ar="الجنس", tr="cinsiyet"), most=2),
    personal("marital", "user.demographic.marital_status", lambda f, r: r.choice({"en": ["single", "married", "divorced", "widowed"], "fr": ["célibataire", "marié", "divorcé", "veuf"], "de": ["ledig", "verheiratet", "geschieden", "verwitwet"], "es": ["soltero", "casado", "divorciado", "viudo"], "ar": ["أعزب", "متزوج", "مطلق", "أرمل"], "tr": ["bekar", "evli", "boşanmış", "dul"]}[language(f)]), names(en="marital_status", fr="situation_familiale", de="familienstand", es="estado_civil", ar="الحالة_الاجتماعية", tr="medeni_hal"), most=4),
    personal("religion", "user.demographic.religious_belief", lambda f, r: r.choice({"fr": ["catholique", "musulman", "juif", "protestant", "athée"], "de": ["evangelisch", "katholisch", "muslimisch", "konfessionslos"], "ar": ["مسلم", "مسيحي", "مسلمة", "مسيحية"], "es": ["católico", "musulmán", "judío", "ateo"]}.get(language(f), ["christian", "muslim", "jewish", "hindu", "atheist"])), names(en="religion", fr="religion", de="konfession", es="religion", ar="الديانة", tr="din"), languages=frozenset({"en", "fr", "de", "es", "ar"}), most=5),
    personal("blood", "user.health", _pick("A+, A-, B+, B-, AB+, AB-, O+, O-"), names(en="blood_type, blood_group", fr="groupe_sanguin", de="blutgruppe", es="grupo_sanguineo", ar="فصيلة_الدم", tr="kan_grubu"), most=8),
    personal("diagnosis", "user.health.medical_diagnosis", lambda f, r: f"{r.choice('EFGIJKMN')}{r.randint(10, 99)}.{r.randint(0, 9)}", names(en="diagnosis_code, icd10", fr="code_diagnostic, diagnostic", de="diagnose", es="diagnostico", ar="التشخيص", tr="tani_kodu")),
    personal("condition", "user.health.condition", _pick("diabetes, asthma, hypertension, epilepsy, migraine, arthritis, depression, anemia, hepatitis b, copd"), names(en="condition, chronic_disease, medical_condition"), languages=frozenset({"en"}), most=10, also=frozenset({"user.health", "user.health.medical_diagnosis"})),
    personal("orientation", "user.demographic.sexual_orientation", _pick("heterosexual, homosexual, bisexual, asexual"), names(en="sexual_orientation", de="sexuelle_orientierung"), languages=frozenset({"en", "de"}), most=4),
    personal("ethnicity", "user.demographic.race_ethnicity", _pick("White British, Black African, Asian, Mixed race, Hispanic, Other"), names(en="ethnicity, ethnic_group"), languages=frozenset({"en"}), most=6),
    personal("politics", "user.demographic.political_opinion", _pick("Labour, Conservative, Liberal Democrat, Green, Independent"), names(en="political_party, party_affiliation"), languages=frozenset({"en"}), most=5),
    personal("union", "user.demographic.union_membership", lambda f, r: r.choice([True, False]), names(en="union_member, trade_union_membership", de="gewerkschaft"), languages=frozenset({"en", "de"}), most=2, decides=False),
    personal("biometric", "user.biometrics.fingerprint", lambda f, r: token(r, 120), names(en="fingerprint_template, fingerprint", fr="empreinte_digitale"), languages=frozenset({"en", "fr"}), decides=False, also=frozenset({"user.biometrics"})),
    personal("nationality", "user.demographic.citizenship_or_immigration_status", _pick("British, French, German, Spanish, Turkish, Egyptian, Pakistani, Indian, American, Italian, Polish, Dutch"), names(en="nationality, citizenship", fr="nationalite", de="staatsangehoerigkeit", es="nacionalidad", ar="الجنسية", tr="uyruk"), most=12),
    personal("job", "user.professional_information.job_title", lambda f, r: f.job(), names(en="job_title, occupation", fr="profession, metier", de="beruf", es="puesto, profesion", tr="meslek"), languages=frozenset({"en", "fr", "de", "es", "tr"})),
    personal("employer", "user.professional_information.workplace", lambda f, r: f.company(), names(en="employer, employer_name", fr="employeur", de="arbeitgeber", es="empleador", ar="جهة_العمل", tr="isveren"), decides=False),
    personal("position", "user.location.precise", lambda f, r: f"{r.uniform(-60, 60):.6f},{r.uniform(-170, 170):.6f}", names(en="gps_position, last_location, home_coordinates"), languages=frozenset({"en", "de"}), decides=True),
    personal("latitude", "user.location.precise", lambda f, r: round(r.uniform(-60, 60), 6), names(en="latitude, home_lat", de="breitengrad"), languages=frozenset({"en", "de"}), decides=False),
    personal("age", "user.demographic.age_range", lambda f, r: r.randint(17, 92), names(en="age, customer_age", fr="age", de="lebensalter", es="edad", ar="العمر", tr="yas"), most=75, decides=False),
    personal("words", "user.content", words, names(en="message, comment, customer_note", fr="message, commentaire", de="nachricht, kommentar", es="mensaje, comentario", ar="ملاحظات_العميل, رسالة", tr="mesaj, yorum"), also=frozenset({"user.content.private"})),
    personal("quoting", "user.content user.contact.email", lambda f, r: f"{words(f, r)} {f.ascii_email()}", names(en="message, feedback", fr="message", de="nachricht"), languages=frozenset({"en", "fr", "de"}), also=frozenset({"user.content.private"})),
    personal("social", "user.contact.social_url", lambda f, r: f"https://www.linkedin.com/in/{f.user_name()}", names(en="linkedin_url, social_profile"), languages=frozenset({"en", "fr"})),
    personal("plate", "user.government_id.vehicle_registration", lambda f, r: f.license_plate(), names(en="license_plate, plate_number", fr="immatriculation", de="kennzeichen", es="matricula_vehiculo", tr="plaka"), languages=frozenset({"en", "fr", "de", "es", "tr"}), decides=False),
    personal("profile", "user.contact.email user.name.first", lambda f, r: json.dumps({"id": r.randrange(10**6), "first_name": f.first_name(), "email": f.ascii_email(), "plan": r.choice(["free", "pro"])}, ensure_ascii=False), names(en="profile, payload, attributes"), languages=frozenset({"en", "fr", "es"}), also=frozenset({"user.name"})),
    personal("caller", "user.contact.phone_number", lambda f, r: f"+44{r.randint(7400000000, 7999999999)}", names(en="calling_party, caller_number, msisdn"), languages=frozenset({"en"})),
    personal("child", "user.children", lambda f, r: f.first_name(), names(en="child_name, name_of_child", fr="prenom_enfant", de="name_des_kindes", es="nombre_hijo"), languages=frozenset({"en", "fr", "de", "es"}), decides=False, also=frozenset({"user.name.first", "user.name", "user.name.last"})),
)
# fmt: on

LETTERS = string.ascii_uppercase
