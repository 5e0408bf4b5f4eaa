# Hako-länkar: vad besökare ser av en, listan över ens egna, och dialogen som gör dem.

opens-nothing = Länken öppnar ingenting
opens-nothing-means = Den kan vara felskriven, eller så är dess tid över. Be den som gav dig länken om en ny.
not-now = Går inte just nu
store-not-now = Filerna kan inte nås just nu. Försök igen senare.
try-again = Försök igen
shared = Delat med dig
shared-with-you = Någon har delat den här filen med dig.
size = Storlek
content-type = Typ
ends = Upphör
download = Ladda ner
password = Lösenord
password-means = Den som gav dig länken har satt ett lösenord.
password-wrong = Lösenordet är fel.
password-wait = { $seconds ->
    [one] För många felaktiga lösenord. Försök igen om en sekund.
   *[other] För många felaktiga lösenord. Försök igen om { $seconds } sekunder.
}
go-on = Fortsätt
send-files = Skicka filer
send-means = Välj filer och skicka dem. Du ser inte vad som finns där, och inget som finns där ersätts.
files = Filer
send = Skicka
stored = { $count ->
    [0] Inget skickades. Välj minst en fil.
    [one] En fil har kommit fram.
   *[other] { $count } filer har kommit fram.
}
not-stored = { $name } har inte kommit fram. { $why }

folder-shared-with-you = Någon har delat den här mappen med dig.
shared-folder = Delad mapp
folder-empty = Här finns ingenting.
is-folder = (mapp)
name = Namn
changed = Ändrad
download-all = Ladda ner allt som ZIP
download-of = Ladda ner { $name }
trail = Var du är
pages = Sidor
first-page = Första sidan
next-page = Nästa sida
show = Visa
shown-cut = Det här är början. Ladda ner filen för att få hela.

share = Dela
files-count = { $count ->
    [one] En fil
   *[other] { $count } filer
}
folders-left-out = Mappar utelämnas: var och en delas för sig.
direct = Direktlänkar
direct-means = Rakt till lagret, med en signatur. Den som har adressen har filen tills länken upphör.
make-direct = Skapa direktlänkar
making = Skapar…
ends-after = Upphör efter
own-time = En annan tid
own-seconds = Sekunder, 1 till 604 800 för direktlänkar
minutes = { $count ->
    [one] 1 minut
   *[other] { $count } minuter
}
hours = { $count ->
    [one] 1 timme
   *[other] { $count } timmar
}
days = { $count ->
    [one] 1 dag
   *[other] { $count } dagar
}
more = Fler val
file-name = Nedladdningens namn
not-revocable = Den kan inte återkallas. Den som har den behåller den tills den upphör.
ends-with-key = Den upphör tidigare om ditt lösenord eller din nyckel byts.
ends-with-temporary-key = Den upphör med din tillfälliga nyckel: { $at }, eller när den återkallas.
internal = Adressen { $host } ser intern ut: andra når den kanske inte.
address = Adresser, en per rad
copy = Kopiera
csv = CSV
test = Testa
testing = Testar…
test-ok = { $origin } gav den första byten.
test-refused = { $origin } svarade men nekade (status { $status }).
test-unreachable = Ingen svarar på { $origin }.
by-program = Kommandon: curl, wget, Python, PowerShell, hako
hako = Hako-länk
hako-means = Går genom Hako: du kan begränsa den, se hur den används och återkalla den. Den upphör när ditt lösenord byts.
purpose = Vad andra kan göra
open-folder = Titta i mappen
open-folder-means = Den som har länken ser filerna och mapparna i den och laddar ner dem en och en eller som ZIP-arkiv.
request = Låt andra skicka filer hit
request-means = Den som har länken kan skicka filer till den här mappen, ser inget av den och ersätter inget.
limits = Gränser: användningar, adresser, lösenord
uses-most = Hur ofta den får användas
uses-help = Tomt: utan gräns. Varje nedladdning, ZIP-arkiv eller skickad fil är en användning. Med en gräns visas filer inte innan de laddas ner.
uses-number = Hur ofta är ett tal från 1 till 1 000 000.
addresses = Från vilka adresser
addresses-help = Tomt: överallt ifrån. Annars adresser eller nätverk, som 10.0.0.0/8.
password-help = Tomt: inget. Minst 8 tecken. Ge det på en annan väg än länken.
make = Skapa Hako-länk
told-once = Adressen visas bara nu. Kopiera den.
qr = Länkens QR-kod

links = Länkar
means = Hako-länkar står här till 30 dagar efter sitt slut. Direktlänkar gör det inte: de är signaturer som ingen sparar.
none = Du har inte delat något med en Hako-länk.
none-means = Markera en fil eller en mapp i en bucket och välj Dela.
target = Mål
state = Läge
state-active = Aktiv
state-ended = Upphörd
state-used-up = Förbrukad
state-revoked = Återkallad
kind-download = Nedladdning
kind-folder = Mapp
kind-request = Begäran
locked = Lösenord
limited = Adresser
made-by = Skapad av
made = Skapad
uses = Användningar
uses-of = { $used } av { $most }
last-use = Senast använd
never = Aldrig
actions = Åtgärder
newest = Nyaste
older = Äldre
revoke = Återkalla
undo = Ångra
extend = Förläng en vecka
revoked = Länken är återkallad.
restored = Länken fungerar igen.
extended = Länken upphör om en vecka.

upload = Uppladdningslänk
upload-means = Den som har adressen lagrar en fil under namnet som du anger här, direkt i lagret, och ser inget annat.
upload-name = Filens namn
upload-name-missing = Vilket namn ska filen få? Namn slutar inte med snedstreck.
make-upload = Skapa uppladdningslänk
upload-once = Den tar emot en fil: det som finns under namnet ersätts aldrig av den. Kommandots header hör till länken.
upload-again = Tills den upphör kan den som har den ersätta filen, också en som redan finns.
