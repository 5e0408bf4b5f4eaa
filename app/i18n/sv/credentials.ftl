# Sidan för nycklar: nycklar för andra verktyg, om de kommer fram, hur verktyg ställs in, och tillfälliga nycklar.

credentials = Nycklar
means = Vad andra verktyg behöver för att nå lagret. Den som har din hemliga nyckel får göra med dina data vad du får.
no-keys = Ditt konto har inga S3-nycklar
no-keys-directory = Konton i Active Directory loggar in med namn och lösenord: det finns inget att signera anrop med. Be en administratör om ett lokalt konto för dina verktyg, eller arbeta med filerna här.
no-keys-deployment = Den här Hako arbetar med egna nycklar, som den inte visar för någon. Be den som driver den om egna nycklar.

keys = Dina S3-nycklar
endpoint = Slutpunkt
region = Region
addressing = Adressering
addressing-path = Sökväg: bucketen står efter slutpunkten
addressing-host = Värd: bucketen står före slutpunktens namn
access-key = Åtkomstnyckel
secret = Hemlig nyckel
tenant = Tenant
user = Användare
keys-follow = Nycklarna följer av namn och lösenord. De byts när lösenordet byts, och de når allt som kontot når.
masked = dold
reveal = Visa
hide = Dölj
hides-soon = Döljs av sig själv efter en minut.
copy-endpoint = Kopiera slutpunkten
copy-access-key = Kopiera åtkomstnyckeln
copy-secret = Kopiera den hemliga nyckeln
copy = Kopiera
copied = Kopierat
download = Ladda ner
needs-script = Att visa och kopiera den hemliga nyckeln och att skapa tillfälliga nycklar kräver skript.

test = Testa
testing = Testar…
test-heading = Anslutning
test-means = Hako listar bucketen med dina nycklar vid slutpunkten, som ett verktyg skulle göra. Utan bucket listar den bucketarna.
bucket = Bucket
bucket-help = För testet, och i raderna nedan.
bucket-wrong = Så kan ingen bucket heta.
test-good = { $origin } svarade, allt är bra.
test-bad = { $origin }: det fungerar inte än.
step-name = Namn
step-port = Port
step-certificate = Certifikat
step-clock = Klocka
step-signature = Signatur
step-answer = Svar
is-ok = i ordning
is-skipped = inte provat
clock-ahead = { $seconds ->
    [one] Hakos klocka går 1 sekund före lagrets
   *[other] Hakos klocka går { $seconds } sekunder före lagrets
}
clock-behind = { $seconds ->
    [one] Hakos klocka går 1 sekund efter lagrets
   *[other] Hakos klocka går { $seconds } sekunder efter lagrets
}
unknown-name = Ingen adress är känd för namnet. Kontrollera slutpunkten och namnservern.
port-closed = Ingen lyssnar på porten. Kontrollera slutpunkten, och om lagret är igång.
timed-out = Inget kom tillbaka i tid. Det kan stå en brandvägg emellan.
certificate-other-name = Certifikatet är för ett annat namn.
certificate-expired = Certifikatet gäller inte än, eller inte längre.
certificate-untrusted = Ingen betrodd går i god för certifikatet. Ge verktygen dess utfärdares certifikat.
no-tls = Den andra sidan talar inte TLS. Kontrollera om slutpunkten börjar med https.
wrong-clock = Lager nekar vad som signeras mer än 15 minuter från deras tid. Ställ klockan.
unknown-key = Lagret känner inte till åtkomstnyckeln.
wrong-signature = Lagret känner till nyckeln och väntar sig en annan signatur: den hemliga nyckeln har bytts.
denied = Lagret känner dig, och låter dig inte lista detta.
no-such-bucket = Det finns ingen sådan bucket.
no-answer = Det som kom tillbaka är inte ett lagers svar.
refused = Lagret nekade, med status { $status }.

snippets = Ställ in ett verktyg
snippets-means = Färdigt att klistra in. Exemplen tar report.txt och mappen data där du står.
include-secret = Ta med den hemliga nyckeln
include-help = Annars står YOUR_SECRET_KEY i dess ställe. Den som tar med den förvarar raderna som ett lösenord.
no-words = Verktyget har inga ord för en slutpunkt med sökväg.
needs-authority = Lagrets certifikat är utfärdat av en egen utfärdare: lägg dess certifikat bredvid, som ca.pem.
about-aws = Sparar en profil med namnet hako, laddar sedan upp en fil och en mapp och listar bucketen.
about-boto3 = Laddar upp en fil i delar, listar bucketen och skriver ut en länk som fungerar i en timme.
about-rclone = Sparar en fjärrplats med namnet hako, kopierar en mapp och jämför båda.
about-s3cmd = Skriver en inställningsfil i den här mappen, bara för dig, skickar sedan en mapp och listar bucketen.
about-mc = Sparar ett alias med namnet hako, skickar en mapp och listar bucketen.
about-cyberduck = Öppna först profilen, sedan bokmärket. Cyberduck frågar efter den hemliga nyckeln och sparar den.
about-duckdb = Håller nycklarna under sessionen och räknar sedan raderna i Parquet-filer.
about-terraform = Talar med det här lagret i stället för AWS, med ett objekt som exempel.
about-curl = Laddar upp en fil, läser dess början och listar vad som börjar med report.
about-hako = Sparar en profil med namnet hako, bara för dig, laddar upp en mapp och skickar sedan det som har ändrats i den.

temporary = Tillfälliga nycklar
temporary-means = För andra, eller för en maskin: nycklar till en mapp i en bucket, som upphör av sig själva. De öppnar aldrig mer än vad du får.
temporary-hcp = HCP lånar inte ut nycklar för en tid: ett kontos nycklar följer av namn och lösenord, och andra finns inte. Skapa ett konto som får så mycket som verktyget ska få, eller dela filer med länkar.
own-keys = Dina tillfälliga nycklar
make-key = Skapa en tillfällig nyckel
none = Inga.
prefix = Bara nycklar som börjar med
prefix-help = Som photos/2026/. Tomt: hela bucketen.
access = Får
access-read = Läsa och lista
access-read-write = Läsa, lista, skriva och radera
ends-after = Upphör efter
minutes = { $count ->
    [one] 1 minut
   *[other] { $count } minuter
}
hours = { $count ->
    [one] 1 timme
   *[other] { $count } timmar
}
made-once = Den hemliga nyckeln visas bara nu. Kopiera den.
done = Klar
scope = Öppnar
created = Skapad
ends = Upphör
last-use = Senast använd
never = Aldrig
ended = Upphörd
actions = Åtgärder
revoke = Återkalla
revoke-key = Återkalla nyckeln
revoke-title = Återkalla { $key }?
revoke-means = Den som använder den stängs ute genast, och vad som signerats med den är inget värt längre. Den kan inte tas tillbaka; du kan skapa en ny.
revoked = Nyckeln är återkallad.
