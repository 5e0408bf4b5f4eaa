# Det som sägs överallt: namn, storlekar, tider.

empty-name = (tomt)
bytes = { $count ->
    [one] 1 byte
   *[other] { $count } byte
}
about-left = cirka { $time } kvar
months = jan. feb. mars apr. maj juni juli aug. sep. okt. nov. dec.
just-now = nyss
minutes-ago = för { $count } min sedan
hours-ago = för { $count } h sedan
days-ago = för { $count } d sedan

tenants = Tenanter
transfers = Överföringar
namespaces = Namnrymder
buckets = Buckets
start = Start

close = Stäng
working = Arbetar…
cancel = Avbryt
is-working = { " " }– arbetar

not-there = Finns inte
all-buckets = Alla buckets
not-allowed = Inte tillåtet
the-store-does-not-answer = Lagringen svarar inte
something-went-wrong = Något gick fel
no-buckets-of-their-own = Konton på systemnivån har inga egna buckets. Logga in i en tenant för att se dess buckets.
signed-out = Utloggad
your-session-has-ended = Din session är slut.
sign-in = Logga in
code = Kod{ " " }
request = { " " }· Förfrågan{ " " }
try-again = Försök igen
trying-again-in = Försöker igen av sig självt om { $seconds } s

request-2 = Förfrågan{ " " }

hako-does-not-answer = Hako svarar inte. Kontrollera förbindelsen och försök igen.
answer-unreadable = Hako gav ett svar som inte gick att läsa. Försök igen.

changes-not-saved = Ändringarna är inte sparade.
leave-without-saving = Ändringarna är inte sparade. Lämna utan att spara?

breadcrumb = Länkstig

no-such-bucket = Det finns ingen sådan bucket.
