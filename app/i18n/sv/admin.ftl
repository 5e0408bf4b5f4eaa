# Administrationens sidor.
required = { " " }(obligatoriskt)
cannot-be-undone = kan inte ångras
as-the-store-has-it = Som lagringen har det
as-the-system-has-it = Som systemet har det
unit-of = { $field }: enhet
warns-from = Varnar från { $size }.
data-rights = Datarättigheter
what-the-account-may-do = Vad kontot får göra i varje namnrymd
namespace = Namnrymd
all-at-once = Allt på en gång
in-namespace = { " " }i { $namespace }
none = Inga
read = Läsa
read-and-write = Läsa och skriva
full = Allt
is-not-an-address = { $text } är ingen adress.
would-get-in = { $text } skulle släppas in.
would-be-kept-out = { $text } skulle hållas ute.
would-this-address-get = Skulle den här adressen släppas in?
hide = Dölj
reveal = Visa
generate = Skapa ett
password-copied = Kopierat. Lösenordet visas inte igen efter att det sparats.
copy = Kopiera
a-password = Ett lösenord
yes = Ja
no = Nej
rights-in = Rättigheter i { $namespace }
field-changed = { $field } ändrades
retention-at-once = Objekt kan raderas genast.
retention-never = Objekt kan aldrig raderas.
retention-later = Objekt kan inte raderas förrän ett bevarande sätts på dem.
retention-no-time = En tid som kalendern inte har.
retention-until = Objekt kan inte raderas före { $time }.
retention-of-class = Som bevarandeklassen { $name } säger.
retention-period = Objekt kan raderas { $period } efter att de lagrats.
at-once = genast

save = Spara
the-changes-were-saved = Ändringarna är sparade.
was-deleted = { $name } är raderad.
is-required = { $field } måste fyllas i.
one-more = En till
recipient-number = Mottagare { $number }
recipients = Mottagare
up-to-25-clear-an-address = Högst 25. Töm en adress för att ta bort mottagaren.
request = Förfrågan{ " " }
working = Arbetar…
nothing-has-changed = Inget har ändrats
type-the-name-first = Skriv namnet först
confirm-what-cannot-be-undone-first = Bekräfta först det som inte kan ångras
reset = Återställ
is-working = { " " }– arbetar
type-to-confirm = Skriv { $name } för att bekräfta
do-it-this-cannot-be-undone = Gör det. Detta kan inte ångras.

there-is-no-page-at-this = Det finns ingen sida på den här adressen.
tenants-are-managed-at-the-system = Tenanter hanteras på systemnivån. Logga in där för att se dem.
no-system-level = Den här lagringen har ingen systemnivå: det finns inga tenanter, noder eller licenser att se.
this-page-belongs-to-a-tenant = Den här sidan hör till en tenant. Logga in i tenanten för att se den.
sections = Avsnitt
role-needed = Du ser den här sidan. För att ändra den krävs rollen { $role }.

name = Namn
used-of-quota = Använt av kvoten
objects = Objekt
owner = Ägare
tags = Taggar
optimised-for = Optimerad för
mode = Läge
created = Skapad
namespaces = Namnrymder
no-namespaces-yet = Inga namnrymder än. En namnrymd är en bucket med sina inställningar: kvot, protokoll, versionshantering, bevarande.
new-namespace = Ny namnrymd
enterprise = Företag
compliance = Efterlevnad
cloud = Moln
all-protocols = Alla protokoll
files = Filer
create-namespace = Skapa namnrymd
the-namespace-was-created = Namnrymden är skapad.
new-namespace-gets = Det som visas är vad tenanten ger nya namnrymder; bara det du ändrar skickas. Protokoll, rättigheter, bevarande med mera ställs in efteråt på namnrymdens egna sidor.
rights-told-to-few = Vem som har rättigheter här visas för administratörer och säkerhetskonton.
users-with-data-rights = Användare med datarättigheter
user = Användare
rights = Rättigheter
nobody-has-rights = Ingen har rättigheter här än. Rättigheter ges på en användares eller grupps sida.
users = Användare
groups = Grupper
http = HTTP
file-protocols = Filprotokoll
file-protocols-need-all = CIFS, NFS, SMTP och WebDAV kräver en namnrymd som är optimerad för alla protokoll; den här är för S3 och REST.
rest = REST
for-programs = För program
s3-endpoint = S3-adress
bucket = Bucket
edit = Ändra
delete = Radera
retention-classes = Bevarandeklasser
retention = Bevarande
value = Värde
deleted-at-the-end = Raderas vid slutet
description = Beskrivning
no-retention-classes = Inga bevarandeklasser. Objekt i en klass delar dess bevarande genom namnet.
create-class = Skapa klass
the-retention-class-was-created = Bevarandeklassen är skapad.
new-retention-class = Ny bevarandeklass
delete-class = Radera klass
delete-named = Radera { $name }
deleting-a-class-means = Objekt i den här klassen kan aldrig raderas, tills en klass med samma namn finns igen.
delete-namespace = Radera namnrymd
holds-no-objects = Den innehåller inga objekt.
holds-objects = Den innehåller { $count } objekt (varje version räknas). HCP raderar bara en tom namnrymd: radera först objekten, deras versioner och borttagningsmarkörerna.
only-empty-can-be-deleted = Bara en tom namnrymd kan raderas.
deleting-a-namespace-means = Namnrymden försvinner för gott, med sina inställningar, bevarandeklasser och rättigheter.

user-name = Användarnamn
full-name = Fullständigt namn
roles = Roller
may-sign = Får logga in
sign-in = Inloggning
own-namespaces = Egna namnrymder
radius = RADIUS
local = Lokalt
no-users = Inga användare.
new-user = Ny användare
create-user = Skapa användare
the-user-was-created = Användaren är skapad.
set-password = Sätt lösenord
the-password-was-changed = Lösenordet är ändrat.
delete-user = Radera användare
no-namespaces-for-rights = Det finns inga namnrymder att ge rättigheter i.
rights-bring-others = Läsning för med sig bläddring, sökning för med sig läsning, rensning för med sig radering. Namnrymdens och tenantens masker kan ta bort rättigheter igen.
own-account-stays = Det här är kontot som du är inloggad med. Någon annan måste radera det.
delete-account = Radera konto
deleting-an-account-means = Kontot försvinner med alla sina rättigheter. Objekt och namnrymder som det äger finns kvar. Ta i stället bort rätten att logga in för att hålla någon ute en tid.
no-groups-yet = Inga grupper än. En grupp i katalogen får roller och rättigheter för alla sina medlemmar.
no-groups-without-directory = Inga grupper: de är grupper i en katalog, och denna tenant loggar inte in med någon. Systemadministratören kan tillåta det.
new-group = Ny grupp
create-group = Skapa grupp
the-group-was-created = Gruppen är skapad.
delete-group = Radera grupp

general = Allmänt
access = Åtkomst
protocols = Protokoll
versioning = Versionshantering
statistics = Statistik
chargeback = Debiteringsunderlag
profile = Profil
password = Lösenord
group = Grupp
contact = Kontakt
namespace-defaults = Namnrymdernas standardvärden
permissions = Behörigheter
console-security = Konsolens säkerhet
e-mail = E-post
search-security = Sökningens säkerhet
service-plans = Tjänsteplaner
settings = Inställningar
usage = Användning
next-steps = Nästa steg
tenants = Tenanter
new-tenant = Ny tenant
not-found = Finns inte

not-visible-to-you = visas inte för dig
unknown = okänt
used-of = { $used } av { $of }
share-of-the-quota-in-use = Andel av kvoten som används
filter-what = Filtrera { $what }
filter = Filtrera
did-not-answer = { $missing } av { $all } svarade inte och finns inte i listan.
nothing-matches = Inget passar { $filter }
number-hidden = { $what } dolda.
clear-filter = Rensa filtret
actions = Åtgärder
pages = Sidor
previous = Föregående
page-of = Sida { $page } av { $pages }
next = Nästa
none-of = Ingen av { $all }
from-to-of = { $from }–{ $to } av { $all }
from-to-filtered = { $from }–{ $to } av { $shown }, filtrerade ur { $all }

section-of-settings = { $section } · Inställningar
no-service-plans = Inga tjänsteplaner att välja mellan: systemadministratören väljer tenantens plan.
which-namespaces-use-a-plan = Vilka namnrymder som använder en plan står på varje namnrymds sida under Allmänt.{ " " }

quota = Kvot
may-use = Får använda
sign-in-by = Inloggning med
search = Sökning
retention-mode = Bevarandeläge
replication = Replikering
erasure-coding = Raderkodning
no-limit = Ingen gräns
at-most = Högst { $most }
sign-in-to = Logga in i
no-tenants-yet = Inga tenanter än. En tenant har egna användare, namnrymder och en kvot.
create-tenant = Skapa tenant
the-tenant-was-created = Tenanten är skapad.
sign-in-to-this-tenant = Logga in i denna tenant
delete-tenant = Radera tenant
deleting-a-tenant-means = Tenanten försvinner för gott, med sina konton och inställningar. Bara en tenant utan namnrymder kan raderas.
first-account-has-security = Det första kontot har bara säkerhetsrollen: det skapar konton och ger roller, och inget annat.
done = klart

now = Nu
usage-hidden-from-system = Tenanten låter inte systemanvändare administrera den, så vad den innehåller nu visas bara för dess egna användare. Dess debiteringsunderlag visas nedan.
of-quota = av { $quota }
annotations = { $count ->
    [one] 1 anteckning
   *[other] { $count } anteckningar
}
objects-counted = { $count ->
    [one] 1 objekt
   *[other] { $count } objekt
}
every-version-counts = varje version räknas
data = Data
space-taken = Upptaget utrymme
with-metadata-and-redundancy = med metadata och redundans
custom-metadata = Egna metadata
waits-for-shredding = Väntar på överskrivning
from = Från
to = Till
received = Mottaget
sent = Skickat
reads = Läsningar
writes = Skrivningar
deletes = Raderingar
open-uploads = Öppna uppladdningar
their-size = Deras storlek
complete = Fullständig
no-records = Inga uppgifter i detta intervall.
incomplete-intervals = Intervall som inte är fullständiga pågick ännu, eller kunde inte räknas helt.
all-with-deleted = Alla, med raderade namnrymder
all-namespaces = Alla namnrymder
in-all = Allt som allt
by-day = Per dag
by-hour = Per timme
step = Steg
show = Visa
range-help = Dagar i UTC. HCP sparar 180 dagar; inget valt: alla.

hand-the-password-over = Lösenordet visas inte igen när användaren väl finns. Lämna över det tillsammans med adressen till inloggningssidan. Rättigheter på data ges efteråt.
the-sign-in-page = Inloggningssidan
step-first-account = Logga in som det första kontot, vid sidan av den här sessionen
step-administration = Låt systemet administrera tenanten, om det önskas
step-defaults = Ställ in vad nya namnrymder får
step-namespace = Skapa den första namnrymden
step-users = Skapa användare och ge dem rättigheter på dess data
has-right = ja
has-no-right = nej
rule-kept = { " " }– uppfylld
rule-not-yet = { " " }– inte än
value-hidden = dolt

users-counted = { $count ->
    [one] 1 användare
   *[other] { $count } användare
}
groups-counted = { $count ->
    [one] 1 grupp
   *[other] { $count } grupper
}
plans-counted = { $count ->
    [one] 1 plan
   *[other] { $count } planer
}
tenants-counted = { $count ->
    [one] 1 tenant
   *[other] { $count } tenanter
}
namespaces-counted = { $count ->
    [one] 1 namnrymd
   *[other] { $count } namnrymder
}
classes-counted = { $count ->
    [one] 1 klass
   *[other] { $count } klasser
}
records-counted = { $count ->
    [one] 1 uppgift
   *[other] { $count } uppgifter
}

years = { $count ->
    [one] 1 år
   *[other] { $count } år
}
months = { $count ->
    [one] 1 månad
   *[other] { $count } månader
}
weeks = { $count ->
    [one] 1 vecka
   *[other] { $count } veckor
}
days = { $count ->
    [one] 1 dag
   *[other] { $count } dagar
}
hours = { $count ->
    [one] 1 timme
   *[other] { $count } timmar
}
minutes = { $count ->
    [one] 1 minut
   *[other] { $count } minuter
}
seconds = { $count ->
    [one] 1 sekund
   *[other] { $count } sekunder
}

you-entered = Du angav { $value }.
server-says = { $field }: { $rule }.
csv = CSV

enter = Gå in
entered = Tenanten du har gått in i
you-are-in-tenant = Du är i tenanten { $tenant }, med ditt systemkonto.
pages-of-tenant = Sidor i { $tenant }
leave = Lämna
tenant-is-closed = Tenanten { $tenant } släpper inte in systemkonton.
how-to-enter = Så går man in
how-the-tenant-allows-it = En administratör för { $tenant } kan tillåta det under Inställningar, Allmänt: ”Systemadministratörer får administrera denna tenant”. Logga tills dess in i tenanten med ett av dess egna konton.
first-account-by = Första kontot
by-local-account = Med ett första konto
by-group-of-directory = Med en grupp i en katalog
step-administrator = Ge någon administratörsrollen
steps-are-seen-once-let-in = Stegen inne i tenanten bockas av när tenanten släpper in systemet: innan dess syns de inte härifrån.
lets-system-in = Släpper in systemet
