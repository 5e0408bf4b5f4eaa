# Granskningsloggen: vem som har ändrat vad via Hako.

audit = Granskningslogg
means-own = Vad du har ändrat via Hako under { $days ->
    [one] det senaste dygnet
   *[other] de senaste { $days } dygnen
}.
means-tenant = Vad personerna i denna tenant har ändrat via Hako under { $days ->
    [one] det senaste dygnet
   *[other] de senaste { $days } dygnen
}.
means-system = Vad som har ändrats via Hako under { $days ->
    [one] det senaste dygnet
   *[other] de senaste { $days } dygnen
}, i alla tenanter.
since = Tidsrymd
since-any = Allt som sparas
since-hour = Senaste timmen
since-day = Senaste 24 timmarna
since-week = Senaste 7 dagarna
since-month = Senaste 30 dagarna
from = Från (UTC)
to = Till (UTC)
show = Visa
clear = Rensa filter
time = Tid
tenant = Tenant
person = Person
action = Åtgärd
action-any = Alla åtgärder
target = Mål
result = Resultat
result-any = Alla resultat
result-ok = Utfört
result-refused = Nekat
result-failed = Misslyckat
address = Adress
request = Begärans id
duration = Varaktighet
milliseconds = { $number } ms
seconds = { $number } s
nobody = Ingen
of-system = Systemet
and-more = { $count ->
    [one] och 1 till
   *[other] och { $count } till
}
when = Besvarat
call = Anrop
status = Status
level = Session
level-system = Systemnivå
level-tenant = Tenantnivå
level-s3 = S3-lager
version = Version
reason = Skäl
fields = Skickade fält
not-done = Inte utfört
job = Jobb
started-job = Starta ett jobb: { $kind }
around = 15 minuter runt detta
none = Inga poster i denna tidsrymd.
widen = Sök i allt som sparas
follow = Följ
follow-needs-scripts = Att följa kräver JavaScript. Läs in sidan igen för att se vad som är nytt.
came = { $count ->
    [one] 1 ny post
   *[other] { $count } nya poster
}
csv = CSV
jsonl = JSON-rader
pages = Granskningsloggens sidor
newest-page = Nyaste
older = Äldre

do-session-sign-in = Logga in
do-session-sign-out = Logga ut
do-session-password = Byta eget lösenord
do-bucket-create = Skapa en bucket
do-bucket-delete = Radera en bucket
do-bucket-versioning = Växla versionshantering
do-bucket-acl = Ange åtkomst till en bucket
do-bucket-cors = Ange CORS-regler för en bucket
do-bucket-cors-delete = Ta bort CORS-regler för en bucket
do-object-store = Lagra ett objekt
do-object-delete = Radera objekt
do-object-copy = Kopiera objekt
do-object-folder = Skapa en mapp
do-object-acl = Ange åtkomst till ett objekt
do-object-tags = Ange taggar
do-object-tags-delete = Ta bort taggar
do-object-metadata = Spara egna metadata
do-object-metadata-delete = Ta bort egna metadata
do-object-retention = Ange bevarande eller spärr
do-object-privileged-delete = Radera trots bevarande
do-object-presign = Signera URL:er för uppladdning
do-upload-begin = Påbörja en uppladdning
do-upload-part = Lagra en del
do-upload-complete = Slutföra en uppladdning
do-upload-abort = Avbryta en uppladdning
do-job-start = Starta ett jobb
do-job-cancel = Stoppa ett jobb
do-job-retry = Försöka igen med ett jobb
do-job-undo = Ångra en radering
do-link-create = Skapa en Hako-länk
do-link-change = Ändra en Hako-länk
do-link-revoke = Återkalla en Hako-länk
do-link-restore = Ångra återkallandet av en Hako-länk
do-link-use = Låta en besökare använda en Hako-länk
do-object-expiry-set = Ställ in när ett objekt tas bort
do-object-expiry-clear = Behåll ett objekt som skulle tas bort
do-object-expire = Få en tillfällig fil borttagen när dess tid var ute
do-secret-reveal = Visa den egna hemliga nyckeln
do-key-lend = Skapa en tillfällig nyckel
do-key-revoke = Återkalla en tillfällig nyckel
do-network-change = Ändra nätverksinställningar
do-license-upload = Lägga in en licens
do-support-key-upload = Lägga in en supportnyckel
do-logs-change = Märka eller avbryta loggar
do-logs-prepare = Förbereda loggar
do-logs-download = Hämta loggar
do-health-report-prepare = Förbereda eller avbryta en hälsorapport
do-health-report-download = Hämta en hälsorapport
do-certificate-upload = Lita på ett certifikat
do-certificate-delete = Sluta lita på ett certifikat
do-replication-change = Ändra replikeringstjänsten
do-replication-link-create = Skapa en replikeringslänk
do-replication-link-change = Ändra en replikeringslänk
do-replication-link-delete = Ta bort en replikeringslänk
do-replication-link-content = Ändra vad en replikeringslänk överför
do-replication-link-schedule = Ange schema för en replikeringslänk
do-topology-create = Skapa en topologi för raderingskodning
do-topology-change = Ändra en topologi för raderingskodning
do-topology-delete = Ta bort en topologi för raderingskodning
do-topology-tenants = Ändra tenanterna i en topologi för raderingskodning
do-tenant-create = Skapa en tenant
do-tenant-change = Ändra en tenant
do-tenant-delete = Radera en tenant
do-tenant-console-security = Ändra konsolsäkerhet
do-tenant-contact = Ändra kontakten
do-tenant-email = Ändra e-postaviseringar
do-tenant-namespace-defaults = Ändra standardvärden för namnrymder
do-tenant-search-security = Ändra söksäkerhet
do-tenant-permissions = Ändra behörigheter för en tenant
do-tenant-cors = Ange CORS-regler för en tenant
do-tenant-cors-delete = Ta bort CORS-regler för en tenant
do-content-class-create = Skapa en innehållsklass
do-content-class-change = Ändra en innehållsklass
do-content-class-delete = Radera en innehållsklass
do-user-create = Skapa en användare
do-user-change = Ändra en användare
do-user-delete = Radera en användare
do-user-password = Ange ett lösenord
do-user-passwords = Ange lösenord för säkerhetskonton
do-user-rights = Ändra en användares datarättigheter
do-group-create = Skapa en grupp
do-group-change = Ändra en grupp
do-group-delete = Radera en grupp
do-group-rights = Ändra en grupps datarättigheter
do-namespace-create = Skapa en namnrymd
do-namespace-change = Ändra en namnrymd
do-namespace-delete = Radera en namnrymd
do-namespace-versioning = Ändra versionshantering
do-namespace-versioning-reset = Återställa versionshantering
do-namespace-compliance = Ändra regelefterlevnad
do-namespace-permissions = Ändra behörigheter för en namnrymd
do-namespace-protocols = Ändra protokoll
do-namespace-indexing = Ändra indexering av metadata
do-namespace-collisions = Ändra replikeringskollisioner
do-namespace-cors = Ange CORS-regler för en namnrymd
do-namespace-cors-delete = Ta bort CORS-regler för en namnrymd
do-template-import = Importera en mall
do-retention-class-create = Skapa en lagringsklass
do-retention-class-change = Ändra en lagringsklass
do-retention-class-delete = Radera en lagringsklass
