# Uppladdningshanteraren: dockan, listan över överföringar, anmärkningarna ovanför.

other-file-too-small = { $name } är inte filen som uppladdningen påbörjades med: den har { $size }, och { $stored } är redan lagrade.
other-file-other-size = { $name } är inte filen som uppladdningen påbörjades med: delad som delarna som är lagrade har den delar av andra storlekar.
state-waiting = Väntar
state-uploading = Laddas upp
state-retrying-in = Försöker igen om { $time }
state-retrying = Försöker igen
state-signed-out = Logga in för att fortsätta
state-completing = Sätts ihop
state-done = Lagrad
state-failed = Misslyckad
state-changed = Filen har ändrats
state-cancelled = Avbruten
state-paused = Pausad
state-offline = Väntar på nätet
state-needs-decision = Kräver ett beslut
state-file-needed = Välj filen för att fortsätta
files-uploaded = { $count ->
    [one] 1 fil uppladdad
   *[other] { $count } filer uppladdade
 }
can-go-on = { $count ->
    [one] 1 uppladdning
   *[other] { $count } uppladdningar
 } kan fortsätta
files-paused = { $count ->
    [one] 1 fil pausad
   *[other] { $count } filer pausade
 }
none-running = Inga uppladdningar pågår
files-of = { $done } av { $count ->
    [one] 1 fil
   *[other] { $count } filer
 } · { $percent } %
files-stored = { $count ->
    [one] 1 fil lagrad
   *[other] { $count } filer lagrade
 }
need-attention = { $count ->
    [one] 1 behöver uppmärksamhet
   *[other] { $count } behöver uppmärksamhet
 }
said-began = Uppladdningen av { $count ->
    [one] 1 fil
   *[other] { $count } filer
 } började
said-quarter = Uppladdningen { $percent } procent, { $done } av { $count ->
    [one] 1 fil
   *[other] { $count } filer
 }
said-attention = Uppladdning: { $count ->
    [one] 1 behöver uppmärksamhet
   *[other] { $count } behöver uppmärksamhet
 }
said-ended = Uppladdningen är klar, { $count ->
    [one] 1 fil lagrad
   *[other] { $count } filer lagrade
 }
said-ended-with-attention = Uppladdningen är klar, { $done ->
    [one] 1 fil lagrad
   *[other] { $done } filer lagrade
 }, { $attention ->
    [one] 1 behöver uppmärksamhet
   *[other] { $attention } behöver uppmärksamhet
 }
amount-of = { $sent } av { $size }
parts-of = { $stored } av { $count ->
    [one] 1 del
   *[other] { $count } delar
 }
person-at = { $user } i { $tenant }
route-direct = Direkt till lagringen
route-hako = Genom Hako
same-again = { $count ->
    [one] En fil som redan är på väg påbörjades inte två gånger.
   *[other] { $count } filer som redan är på väg påbörjades inte två gånger.
 }
in-another-tab = { $count ->
    [one] En fil som en annan flik laddar upp påbörjades inte två gånger.
   *[other] { $count } filer som en annan flik laddar upp påbörjades inte två gånger.
 }
going-on = { $count ->
    [one] En uppladdning som väntade på sin fil fortsätter.
   *[other] { $count } filer fortsätter där deras uppladdningar stannade.
 }
strangers = { $count ->
    [one] Ingen uppladdning väntar på den här filen: dess namn, storlek eller tid är en annan.
   *[other] { $count } filer är inte de som uppladdningarna väntar på: namn, storlek eller tid skiljer sig.
 }

looking-through = Går igenom mappar: { $count ->
    [one] 1 fil
   *[other] { $count } filer
 } hittills.
uploads-can-go-on = { $count ->
    [one] 1 uppladdning
   *[other] { $count } uppladdningar
 } kan fortsätta. Välj filerna igen, eller släpp dem var som helst: bara det som saknas skickas.
no-room-left = Bucketen { $bucket } har inget utrymme kvar. Det som väntar på den fortsätter när du trycker på Försök igen.
does-not-let = Bucketen { $bucket } låter inte den här sidan ladda upp. { $why }
no-rule-yet = Det finns ingen regel än.
rules-stay = { $count ->
    [one] Den regel som finns där står kvar som den är.
   *[other] De { $count } regler som finns där står kvar som de är.
 }
rule-for-administrator = Bucketen { $bucket } behöver den här CORS-regeln för att { $origin } ska kunna ladda upp till den:
upload-in-another-tab = Uppladdningen av { $name } i en annan flik

details = Detaljer
of-upload = { " " }för uppladdningen av { $name }
target = Mål
size = Storlek
on-its-way = På väg
rate = Hastighet
remaining = Återstår
parts = Delar
way = Väg
key = Nyckel
of-name = { " " }för { $name }
use-this-key = Använd den här nyckeln
whole-key = Hela nyckeln, med mappar. Den kan ändras tills uppladdningen börjar.

uploads = Uppladdningar
uploads-before = Uppladdningar:{ " " }
hide = Dölj
show = Visa
all-uploads = Alla uppladdningar
nothing-here = Här finns inget.
retry-failed = Försök igen med misslyckade
pause-all = Pausa alla
resume-all = Återuppta alla
cancel-all = Avbryt alla
clear-finished = Rensa klara
notify-me-at-the-end = Meddela mig vid slutet

wait-for-owner = De här uppladdningarna väntar på { $owner }, och inte på { $stranger }.
not-finished = Uppladdningar är inte klara.

height = Uppladdningarnas höjd

file-not-there = Filen finns inte längre som den laddades upp, så dess SHA-256 kan inte räknas ut.

nothing-uploaded = Inget laddades upp. { $why } Ladda om sidan och försök igen.
nothing-sent = Inget skickades. { $why }
at-work-already = Den här fliken arbetar redan med den här uppladdningen.
another-tab-has-it = En annan flik i den här webbläsaren har den här uppladdningen.
same-key = En annan uppladdning på den här sidan går till samma nyckel.
key-is-there = Bucketen har ett objekt eller en mapp med den här nyckeln. Välj en annan.
goes-to-new-key = Filen går till sin nya nyckel.
browser-does-not-let = Webbläsaren låter inte den här sidan läsa filen. Välj den igen.

begun-earlier = Påbörjade vid ett tidigare besök
upload-of-batch = Uppladdningen av omgången till { $place }

all = Alla
active = Pågående
attention = Att åtgärda
done = Klara
files = Filer

transfers = Överföringar
carried-by-scripts = Uppladdningar sköts av skript. Utan dem kan du använda en buckets formulär för små filer, eller AWS kommandorad för stora.
uploads-of-this-tab = Den här flikens uppladdningar
nothing-here-drop = Här finns inget. Släpp filer på en buckets lista för att ladda upp dem.
stored-in-30-days = Lagrat från den här webbläsaren de senaste 30 dagarna
nothing-yet = Inget än.
history-not-kept = Den här webbläsaren sparar ingen historik över överföringar. Kvitton finns tills sidan stängs.
receipt-lists = { $count ->
    [one] 1 objekt
   *[other] { $count } objekt
 }. Ett kvitto listar nyckel, storlek, entitetstagg, SHA-256 och tid; en SHA-256 kommer när filen har lästs en gång till.
receipt-as-csv = Kvitto som CSV
receipt-as-json = Kvitto som JSON
sums-file = SHA256SUMS
stored-objects = Lagrade objekt
object = Objekt
sha-256 = SHA-256
show-more = Visa fler ({ $count } äldre)
being-computed = Räknas ut
of-sum = { " " }SHA-256 av { $place }
not-computed = Inte uträknad
compute = Räkna ut
sum-lost = Inte uträknad: sidan lämnades innan dess, och filen är inte till hands

no-cors-rule = Den har ingen CORS-regel.
no-rule-for-origin = Ingen av dess CORS-regler gäller den här sidans adress.
rules-without-put = Dess CORS-regler tillåter inte PUT från den här sidan.
rules-without-headers = Dess CORS-regler tillåter inte de huvuden som uppladdningar skickar.
store-does-not-say-why = Lagringen säger inte varför: ditt konto får kanske inte läsa dess CORS-regler.
lets-upload-now = Bucketen { $bucket } låter den här sidan ladda upp nu.
rule-not-added = CORS-regeln lades inte till. { $why }

upload-of = Uppladdningen av { $name }
name-is-there = Det finns redan ett objekt med det här namnet. Ersätt det, behåll båda, eller släng den här uppladdningen. Det som skickats sparas så länge.
bucket-does-not-let-yet = Bucketen låter inte den här sidan ladda upp än: se ovan.
was-not-uploaded = { $name } laddades inte upp. { $why } { $unharmed } { $remedy }
what-the-store-said = Vad lagringen sade
changed-meanwhile = { $name } ändrades, flyttades eller blev oläslig på din enhet medan den laddades upp. Inget slutfördes, och delarna som redan skickats kastades. Börja om för att ladda upp den som den är nu.
the-upload-of = { " " }uppladdningen av { $name }
retry-now = Försök igen nu
retry = Försök igen
discard = Släng
cancel = Avbryt
go-on = Fortsätt
replace = Ersätt
keep-both = Behåll båda
resume = Återuppta
pause = Pausa
next = Nästa
choose-the-file = Välj filen
start-again = Börja om
start-again-means = Börja om för att ladda upp filen som den är nu, från första byten: det som lagringen har av den som den var kastas då.
start-again-with = Börja om med filen…
name-again = { " " }{ $name } igen

session-ended = Din session är slut. Det som skickats är sparat.
uploads-are-of = De här uppladdningarna tillhör { $person }. De väntar, och fortsätter inte för { $stranger }, som är inloggad nu.
tenant = Tenant
user-name = Användarnamn
password = Lösenord
sign-in = Logga in

show-files-of = Visa filerna i { $place }
hide-files-of = Dölj filerna i { $place }

stop-looking = Sluta leta
no-network = Inget nät. Uppladdningarna fortsätter av sig själva när det är tillbaka.
choose-files = Välj filer
bucket-does-not-let = Bucketen låter inte den här sidan ladda upp
rule-to-add = Regeln som skulle läggas till
configure-cors = Konfigurera CORS
send-through-hako-instead = Skicka genom Hako i stället
copy-text-for-the-administrator = Kopiera text till administratören
in-another-tab-heading = I en annan flik:

running = Pågår
waiting = Väntar
needs-attention = Behöver dig
resumable = Kan fortsätta
finished = Klara
search = Sök
search-place = Del av namnet på en bucket, mapp eller fil
found = { $count ->
    [0] Ingen uppladdning i den här fliken heter så.
    [one] 1 uppladdning i den här fliken heter så.
   *[other] { $count } uppladdningar i den här fliken heter så.
}
jobs-of-files = Vad servern packar, kopierar och flyttar
receipt-of-found = { $count ->
    [0] Inget lagrat objekt är sådant. Kvitton skulle vara tomma.
    [one] Kvitton tar upp det enda objektet nedan.
   *[other] Kvitton tar upp dessa { $count } objekt.
}
receipt-of-batch = Kvitton för en omgång
all-batches = Alla omgångar
batch-line = { $place } · { $time } · { $count ->
    [one] 1 objekt
   *[other] { $count } objekt
}
receipts = Kvitton
receipt = Kvitto
open = Öppna
copy-path = Kopiera sökvägen
remove = Ta bort från listan
save-for-later = Spara till senare
of-batch = { " " }av omgången { $name }
