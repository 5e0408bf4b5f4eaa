# The pages of the system itself.
nodes = Noder
services = Tjänster
licenses = Licenser
network = Nätverk
accounts = Konton
support = Support

refresh = Uppdatera
as-of = Per
now = Nu
share = Andel
figure = Mätvärde
since-the-page-was-opened = Sedan sidan öppnades

measured-every-15-seconds = Mäts på nytt var 15:e sekund så länge sidan är öppen. Linjerna står vid 80 och 95 %.
not-measured-anew = Det som visas mättes tidigare. { $why }
older-than-5-minutes = uppmätt mer än 5 minuter tidigare
node = Nod { $number }
what-the-node-does = Vad nod { $number } gör
front-addresses = Adresser för klienter
back-address = Adress för andra noder
management-addresses = Adresser för administratörer
cpu-user = Processorer: program
cpu-system = Processorer: kärnan
cpu-max = Mest belastad processor
io-wait = Väntar på volymer
swapped = Utväxlat
pages-per-second = { $number } minnessidor per sekund
per-second = { $number } per sekund
http = HTTP-anslutningar
https = HTTPS-anslutningar
network-of-clients = Klienternas nät
network-of-nodes = Nodernas nät
network-of-administrators = Administratörernas nät
space-of = Volym { $volume }: utrymme
inodes-of = Volym { $volume }: inoder
busy-of = Volym { $volume }: upptagen
transfers-of = Volym { $volume }: överföringar
used-of = { $used } av { $most }
above-80 = 80 % eller mer
above-95 = 95 % eller mer
trend-of = { $figure }, { $count } mätningar sedan sidan öppnades: från { $first } till { $last }, som mest { $highest }

service = Tjänst
works-on = Arbetar med
state = Tillstånd
level = Nivå
started = Började
ended = Slutade
examined = Undersökta
served = Behandlade
unable = Misslyckade
unable-rate = Misslyckade, takt
running = Arbetar
ready = Väntar
disabled = Avstängd
stopping = Avslutas
low = Låg
medium = Medel
high = Hög
custom = Egen
off = Av
the-system = Systemet
no-services = Systemet berättar inte om några tjänster.
services-counted = { $count ->
    [one] 1 tjänst
   *[other] { $count } tjänster
}
services-were-unable = { $count ->
    [one] 1 tjänst kunde inte göra det som skulle göras för vissa objekt. Den står först.
   *[other] { $count } tjänster kunde inte göra det som skulle göras för vissa objekt. De står först.
}

serial-number = Serienummer
feature = Funktion
local-capacity = Lokal kapacitet
extended-capacity = Utökad kapacitet
expires = Upphör
time-left = Tid kvar
uploaded = Uppladdad
no-license = Ingen licens: grundfunktioner.
earlier-licenses = Tidigare licenser
licenses-counted = { $count ->
    [one] 1 licens
   *[other] { $count } licenser
}
does-not-expire = Upphör inte
days-left = { $count ->
    [one] 1 dag kvar
   *[other] { $count } dagar kvar
}
ended-days-ago = { $count ->
    [one] upphörde för 1 dag sedan
   *[other] upphörde för { $count } dagar sedan
}
capacity-means = Av den lokala kapaciteten: det som inte är ledigt på alla noders volymer. Systemet berättar inte vad som används av den utökade kapaciteten.

accounts-are-made-elsewhere = Systemets användare och grupper skapas, ändras och tas bort i HCP:s egen System Management Console: dess API kan det inte. Här kan en användares lösenord sättas.
no-groups = Inga grupper. Grupper kommer från en katalog som systemet loggar in människor med.
what-roles-open = Vad rollerna öppnar
monitor = Övervakning
monitor-opens = Ser tenanter, noder, tjänster, licenser, nätverk och replikering; ändrar inget.
administrator = Administratör
administrator-opens = Skapar, ändrar och tar bort tenanter; nätverk, licenser, replikering och raderingskodning; loggar och hälsorapporter.
security = Säkerhet
security-opens = Ser systemets konton och sätter deras lösenord; återställer lösenorden för en tenants säkerhetskonton.
maintenance = Service
maintenance-opens = Loggar, hälsorapporter och supportnyckeln: det som behövs för att underhålla maskinen.
search = Sökning
search-opens = Söker i alla tenanter som är sökbara.
compliance = Efterlevnad
compliance-opens = Bevarande i tenanter som släpper in systemkonton.
change-own-password = Byt ditt eget lösenord
password-kept-elsewhere = Det här kontots lösenord finns hos RADIUS eller i en katalog och ändras där.
password-by-security = Att sätta lösenordet kräver rollen säkerhet.

support-key = Nyckel för supportens åtkomst
support-key-means = Med den här nyckeln kan tillverkarens support logga in på noderna.
key-kind = Slag av nyckel
key-default = Standard
key-default-means = Nyckeln som följde med systemet. En egen nyckel kan fås av supporten.
key-exclusive = Exklusiv
key-exclusive-means = En nyckel som gjordes för enbart det här systemet.
key-type = Standardnyckelns typ
key-applied = Infördes
key-created = Skapades
key-serial = Serienummer i nyckelns paket

logs = Loggar
health-reports = Hälsorapporter
package = Paket
logs-mean = Det som noder och tjänster har skrivit, som ett arkiv. Det tar en stund att förbereda och fortsätter när sidan lämnas; det som är klart sparas i 24 timmar.
health-means = Det som systemet vet om sin egen hälsa, som ett arkiv. Det tar en stund att förbereda och fortsätter när sidan lämnas; det som är klart sparas i 24 timmar.
nothing-prepared = Ingenting är förberett.
being-prepared = Det förbereds.
package-ready = Det är klart att hämtas.
being-fetched = Det hämtas, här eller av någon annan.
preparing-failed = Det gick inte att förbereda.
prepare = Förbered
is-being-prepared = Det förbereds.
give-up = Sluta förbereda
discard = Kasta det
given-up = Paketet gavs upp.
content = Innehåll
content-all = Allt
content-access = Åtkomst
content-system = System
content-service = Tjänster
content-application = Program
download = Hämta
mark = Markering
mark-means = Skriver en text i loggarna, med vilken en stund hittas igen i dem.
mark-text = Text
write-mark = Skriv markeringen
was-marked = ”{ $text }” skrevs i loggarna.

upload-license = Ladda upp licens
upload-license-means = En licens kommer som en text. Det som den tillåter gäller så snart systemet har tagit emot den.
license-text = Licensens text
license-file = Eller dess fil
license-was-uploaded = Licensen laddades upp.
upload-support-key = Ladda upp supportnyckel
upload-support-key-means = Nyckeln i paketet tar den nuvarandes plats: den som bara har den nuvarande kan inte längre logga in på noderna. Den nuvarande nyckeln kommer inte tillbaka.
support-key-file = Nyckelpaket (.plk)
support-key-was-uploaded = Supportnyckeln byttes ut.
replace-the-support-key = byt ut supportnyckeln
file-or-text-not-both = Välj en fil eller klistra in dess text, inte båda.
choose-or-paste = Välj en fil, eller klistra in dess text.
choose-a-file = Välj en fil.
that-is-a-private-key = Här finns en privat nyckel, som ingen utom dess ägare får ha. Den skickas inte.
of-these-nodes = Från de här noderna (ingen vald: från alla)

kept-for = Det finns kvar i { $time } till.
live = Direkt
live-means = Vad servern loggar, medan det skrivs. De senaste 20 000 raderna finns kvar tills den startas om; sidan rymmer 2 000. Tider är i UTC.
live-needs-scripts = Att läsa med kräver JavaScript.
level-info = Info
level-warn = Varning
level-error = Fel
no-lines = Ingen rad är sådan.
save-lines = Spara raderna
lines-saved = { $count ->
    [one] 1 rad sparades.
   *[other] { $count } rader sparades.
}
