# Vilka sidor som får anropa en bucket.

what-for = Webbläsare låter en sida med annat ursprung använda denna bucket bara om en regel tillåter det. Uppladdningar från Hako går direkt till lagret och behöver också en.
no-such-bucket = Det finns ingen bucket { $bucket } som du kan nå.
add-rule = Lägg till regel
rules-in-order = Regler i ordning: den första som passar avgör
read-only = Du får se reglerna men inte ändra dem. Det kan en administratör för tenanten eller den som äger denna bucket.

source-bucket = Reglerna för denna bucket avgör.
source-bucket-over-tenant = Reglerna för denna bucket avgör. Tenantens regler gäller inte här.
source-tenant = Denna bucket har inga egna regler: tenantens regler avgör.
source-none = Inga regler avgör: varken denna bucket eller dess tenant har några.
source-unknown = Denna bucket har inga egna regler. Om tenanten har några får ditt konto inte se.

no-rule = Ingen regel: webbläsare får inte använda denna bucket direkt
no-rule-means = Uppladdningar från Hako går genom dess server, och andra sidor stängs ute.
no-own-rule = Inga egna regler
configure = Ställ in för den här konsolen
copy-tenant = Kopiera hit tenantens regler
tenant-rules = { $count ->
    [one] Tenantens regel, som gäller här
   *[other] Tenantens { $count } regler, som gäller här
}
tenant-rules-hidden = { $count ->
    [one] Tenantens regel, som inte gäller här
   *[other] Tenantens { $count } regler, som inte gäller här
}
with-tenant = { $count ->
    [one] Kopiera in tenantens regel först. Annars gäller den inte längre för denna bucket.
   *[other] Kopiera in tenantens { $count } regler först. Annars gäller de inte längre för denna bucket.
}
tenant-goes-along = Tenantens regler kopieras in först, eftersom en buckets egna regler döljer dem.

rule-number = Regel { $number }
edit-rule = Ändra regel { $number }
duplicate-rule = Duplicera regel { $number }
remove-rule = Ta bort regel { $number }
move-up = Flytta upp regel { $number }
move-down = Flytta ner regel { $number }
moved = Regel { $from } är nu regel { $to }.
origins = Ursprung
origins-help = Ett per rad, till exempel https://app.example.com. Högst ett * i varje.
methods = Metoder
allowed-headers = Huvuden som sidor får skicka
headers-help = Ett per rad, högst ett * i varje. Bara * tillåter alla.
exposed-headers = Huvuden som sidor får läsa
exposed-help = Ett per rad, utskrivet. Exempel: ETag.
max-age = Koms ihåg i
max-age-field = Sekunder som webbläsare kommer ihåg svaret
rule-name = Namn, för människor
seconds = { $count ->
    [one] 1 sekund
   *[other] { $count } sekunder
}
none = inga
not-set = inte angivet
take-over = Ändra regel
never-sent = Detta skickar ingen webbläsare: { $origins }. Ett ursprung är https:// och en värd, utan sökväg och utan snedstreck i slutet.

fault-no-origin = En regel anger minst ett ursprung. Exempel: https://app.example.com.
fault-no-method = En regel tillåter minst en metod.
fault-origin-wildcards = Ett ursprung har högst ett *. Du skrev { $origin }.
fault-not-an-origin = Detta är inget ursprung: { $origin }. Exempel: https://app.example.com.
fault-unknown-method = En regel kan inte tillåta { $method }.
fault-header-wildcards = Ett huvuds namn har högst ett *. Du skrev { $header }.
fault-not-a-header = Detta är inget namn på ett huvud: { $header }. Exempel: content-type.
fault-not-exposable = Ett huvud som sidor får läsa skrivs ut helt. Du skrev { $header }.
fault-long-id = Ett namn har högst 255 tecken.
fault-id-characters = Ett namn har inga styrtecken.
fault-age = Sekunder är ett heltal, 0 eller mer. Exempel: 3600.

as-xml = Som XML
size-of = { $size } av högst { $limit }
wrong-at = Rad { $line }, tecken { $column }: { $why }
save-xml = Spara dokumentet
difference = Vad som ändras

not-saved = Inte sparat än
document-goes = Med den sista regeln försvinner dokumentet. Tenantens regler gäller igen, om det finns några.
reset = Återställ
save = Spara regler
saving = Sparar…
saved = CORS-reglerna sparades.
save-first = Spara eller återställ dina ändringar först

doctor = Skulle en sida släppas in?
doctor-means = Talar om vilken regel som avgör, frågar lagret som en webbläsare gör och låter den här webbläsaren försöka där det inte gör någon skada.
origin = Sidans ursprung
method = Metod
sends = Huvuden som den skickar
sends-help = Tomt: de som Hakos uppladdningar skickar.
reads = Huvuden som den läser
check = Kontrollera
checking = Kontrollerar…
uploads-work = Uppladdningar från { $origin } fungerar
may-call = Sidor från { $origin } får skicka { $method }
may-not-call = Sidor från { $origin } stängs ute när de skickar { $method }
cause-allowed = Regel { $number } släpper in dem.
cause-tenant-only = Bara tenantens regler släpper in dem. En första regel för denna bucket skulle dölja dem.
cause-no-rule = Det finns ingen regel.
cause-origin = Ingen regel gäller ursprunget { $origin }.
cause-method = Det finns regler för { $origin }, men ingen av dem tillåter { $method }.
cause-header = Reglerna för ursprung och metod tillåter inte dessa huvuden: { $headers }.
cause-expose = De släpps in men får inte läsa: { $headers }.
cause-shadowed = Regel { $first } står före regel { $better }, som skulle tillåta allt, och avgör med mindre.
cause-unknown = Ditt konto får inte läsa reglerna som avgör.
preflight = Lagret, tillfrågat av Hako
preflight-allowed = släpper in dem
preflight-refused = stänger ute dem
preflight-silent = svarar inte på adressen som webbläsare får
preflight-untried = tillfrågades inte: ingen adress kan signeras
this-browser = Den här webbläsaren
browser-running = försöker…
browser-let-in = släpptes in
browser-kept-out = stängdes ute eller nådde inte lagret
browser-other-page = försökte inte: det gäller en annan sida
browser-harmful = försökte inte: det skulle ändra något
they-differ = Lagret avgör annorlunda än reglerna säger. Det kan släppa in sidor genom en egen inställning, eller ännu inte ha tagit till sig en ändring.
says-allows = tillåter allt.
says-too-late = tillåter allt, men kommer för sent.
says-other-origin = gäller andra ursprung.
says-other-method = tillåter andra metoder.
says-header = tillåter inte { $headers }.
says-expose = låter inte sidor läsa { $headers }.
fix = Lägg till regeln som hjälper…
let-in = Släpp in en sida
let-in-means = Regeln släpper in sidor från { $origin }. Alla andra regler står kvar.
add-this-rule = Lägg till regeln
for-administrator = Bucketen { $bucket } behöver denna CORS-regel för att sidor från { $origin } ska kunna använda den:
administrator-text = En text till den som får ändra reglerna
copy-text = Kopiera text till administratören

page = CORS
page-of = { $bucket } · CORS
