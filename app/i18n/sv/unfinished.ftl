# En buckets uppladdningar som ingen har slutfört.


abort-upload = Avbryt uppladdning
tick-the-box-above-first = Kryssa i rutan ovan först
is-given-up = Uppladdningen av { $name } ges upp och dess delar kastas. Inget objekt ändras.
whoever-began-it = Den som började måste skicka hela filen igen.
this-browser-has-it = Den här webbläsaren har den bland sina överföringar. Ge upp den ändå.
was-aborted = Uppladdningen av { $name } avbröts.

complete-upload = Slutför uppladdning
bytes-are-whole = Byte är ett heltal. Exempel: 314572800.
becomes-an-object = Det som är lagrat av { $name } blir ett objekt som det är. Lagringen kan inte veta om delar saknas på slutet: ange hur många byte filen har.
exact-size-of-the-file = Filens exakta storlek i byte
another-sum = Om delarnas summa är en annan slutförs ingenting.
parts-missing-nothing-completed = Delar saknas mellan den första och den sista. Ingenting slutfördes.
other-size = { $count ->
    [one] Den lagrade delen har
   *[other] De { $count } lagrade delarna har
 } sammanlagt { $bytes }, och inte { $stated }. Ingenting slutfördes.
was-completed = { $name } är slutförd.

list-does-not-go-on = Lagringens lista fortsätter inte.

uploads-in-progress = Pågående uppladdningar
title = { $bucket } · Pågående uppladdningar
no-such-bucket = Det finns ingen bucket { $bucket } som du kan nå.
abort-old-uploads-dots = Avbryt gamla uppladdningar…
large-files-go-in-parts = Stora filer går till lagringen i delar. Tills en uppladdning är slutförd tar dess delar plats och ingen fillista visar dem.
no-unfinished-uploads = Inga oavslutade uppladdningar
nothing-more-here = Inget mer här
nothing-hidden = Inga oavslutade uppladdningar. Inget använder dolt utrymme.
page-is-empty = Den här sidan av listan är tom vid det här laget.
files = Filer
first-page = Första sidan

older-help = 0 betyder alla uppladdningar i denna bucket. Inget ges upp innan du har sett hur mycket det är.
phrase = avbryt { $count ->
    [one] 1 uppladdning
   *[other] { $count } uppladdningar
 }
abort-old-uploads = Avbryt gamla uppladdningar
number-aborted = { $count ->
    [one] 1 uppladdning avbröts
   *[other] { $count } uppladdningar avbröts
 }.
days-are-whole = Dagar är ett heltal, 0 för alla uppladdningar. Exempel: 7.
begun-more-than-days-ago = Uppladdningar som påbörjades för mer än så många dagar sedan
count-them = Räkna dem
reading-the-list = Läser listan…
there-is-nothing-to-abort = Det finns inget att avbryta
type-the-words-above-first = Skriv orden ovan först
abort-number = Avbryt { $count ->
    [one] 1 uppladdning
   *[other] { $count } uppladdningar
 }
also-own = { $count ->
    [one] Även den uppladdning
   *[other] Även de { $count } uppladdningar
 } som den här webbläsaren har bland sina överföringar. Annars står de kvar.
parts-are-dropped = Deras delar kastas, och det kan inte tas tillbaka: den som påbörjade dem måste skicka filerna igen. Objekt rörs inte.
type-to-confirm = Skriv { $phrase } för att bekräfta
stayed = { $count ->
    [one] 1 uppladdning står kvar
   *[other] { $count } uppladdningar står kvar
 }, { $gone } är borta:
and-more = och { $count } till
close = Stäng

the-file-of-this-upload = Filen för den här uppladdningen
unfit = { $why }. Inget skickades: den här uppladdningen kan bara avbrytas här.

not-yours = I den här lagringen får bara kontot som påbörjade en uppladdning lägga till delar
started = Påbörjad
stored-so-far = Lagrat hittills
begun-by = Påbörjad av
aborts-on = Avbryts
where = Var
not-counted-yet = inte räknat än
only-owners-may-look = bara kontot som påbörjade den, och bucketens ägare, får titta
this-browser = denna webbläsare
not-known = okänt
of-upload = { " " }uppladdningen av { $name }
resume = Återuppta
abort = Avbryt
parts-missing = Delar saknas mellan den första och den sista, eller så finns det inga
parts-not-known = Dess delar är inte kända än
more = Mer
more-actions = Fler åtgärder för uppladdningen av { $name }
upload-id = Uppladdningens id{ " " }
id-copied = Uppladdningens id är kopierat.
copy-upload-id = Kopiera uppladdningens id
complete = Slutför…

first-of-more = { $count ->
    [one] Den första oavslutade uppladdningen av flera
   *[other] De första { $count } oavslutade uppladdningarna av flera
 }
more-follow = { $count ->
    [one] 1 oavslutad uppladdning
   *[other] { $count } oavslutade uppladdningar
 } på den här sidan, och fler följer
on-last-page = { $count ->
    [one] 1 oavslutad uppladdning
   *[other] { $count } oavslutade uppladdningar
 } på den här sista sidan
unfinished-uploads = Oavslutade uppladdningar
key = Nyckel
actions = Åtgärder
elsewhere-without-retention = En uppladdning som påbörjats på annat håll fortsätter utan det bevarande eller den spärr som valdes för den där. Titta på dess objekt när det är lagrat.
pages = Sidor
next-page = Nästa sida
older-plan = { $count ->
    [one] 1 uppladdning
   *[other] { $count } uppladdningar
 } { $days ->
    [0] i den här bucketen
    [one] som påbörjades för mer än 1 dag sedan
   *[other] som påbörjades för mer än { $days } dagar sedan
 }, { $unseen ->
    [0] med { $bytes } i delar.
    [one] med minst { $bytes } i delar: 1 av dem går inte att titta i.
   *[other] med minst { $bytes } i delar: { $unseen } av dem går inte att titta i.
 }
looked-into = Undersökta
looked-into-of = Undersökta: { $done } av { $count ->
    [one] 1 uppladdning
   *[other] { $count } uppladdningar
 }.
aborted = Avbrutna
aborted-of = Avbrutna: { $done } av { $count ->
    [one] 1 uppladdning
   *[other] { $count } uppladdningar
 }.
stored-parts = { $count ->
    [one] 1 del
   *[other] { $count } delar
 } · { $bytes }
unknown = okänt
never = aldrig
elsewhere = på annat håll
unfinished-uploads-counted = { $count ->
    [one] 1 oavslutad uppladdning
   *[other] { $count } oavslutade uppladdningar
 }
unfit-nameless = Dess nyckel eller id går inte att fråga efter härifrån
unfit-unsized = Lagringen talar inte om storleken på dess delar
unfit-uneven = Dess delar är olika stora, så det går inte att säga vad som saknas
unfit-part-size = Dess delar är mindre än 5 MB eller större än 5 GB, vilket Hako inte skickar
unfit-checksum = Den påbörjades för kontrollsummor som den här sidan inte räknar ut
