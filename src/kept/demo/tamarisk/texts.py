"""What customers and staff write to each other, other people's affairs included."""

TICKETS: tuple[tuple[str, str, str], ...] = (
    (
        "Cannot sign in since this morning",
        "Since this morning the page says that my password is wrong, although I have not changed it.",
        "I have sent you a link with which you can set a new one.",
    ),
    (
        "Backup stopped halfway",
        "Last night's backup stopped at 40 percent. Could you look at the log?",
        "The disk was full. I have made room, and tonight's run will be complete.",
    ),
    (
        "Please add my colleague",
        "Please open a mailbox for my colleague {name}, reachable at {phone}. The old one can go.",
        "Done. Your colleague will get a message with the first password.",
    ),
    (
        "Wrong address on the invoice",
        "We have moved. The old address still stands on your letters.",
        "Thank you, I have corrected it for the next invoice.",
    ),
    (
        "La page est très lente",
        "Depuis hier soir, notre boutique met plus de dix secondes à répondre.",
        "Nous avons déplacé votre serveur. Est-ce mieux ?",
    ),
    (
        "طلب زيادة مساحة التخزين",
        "نحتاج إلى مساحة أكبر قبل نهاية الشهر، وشكرا.",
        "تمت زيادة المساحة، ولا حاجة إلى إعادة التشغيل.",
    ),
    (
        "Somebody else's mail in our mailbox",
        "We keep getting letters for {name}, who had this address before us. Where should they go?",
        "Please delete them; we have blocked the old address.",
    ),
    (
        "Server does not answer",
        "Our server has not answered for twenty minutes. Call {name} on {phone} if I am out.",
        "A switch had failed. Everything has been up again for ten minutes.",
    ),
)
"""Subject, what the customer writes, and what the agent answers."""

ORDER_NOTES = (
    "Please set it up before Monday.",
    "Same settings as on the old server, please.",
    "Call the front desk first; {name} has the keys.",
    "Bitte die Rechnung ohne Umsatzsteuer, Nummer folgt.",
    "Merci d'activer les sauvegardes quotidiennes.",
    "No weekend maintenance, please.",
)

HANDOVER_NOTES = (
    "I am leaving the firm, the shop stays with you.",
    "As agreed: the domain and both servers.",
    "The backups are in the second region.",
    "",
)

PROJECTS = ("webshop", "intranet", "mail archive", "booking page", "blog", "warehouse interface")

BROWSERS = (
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
    "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36",
)
