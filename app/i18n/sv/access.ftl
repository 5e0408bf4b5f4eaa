# Vem som får göra vad med en bucket eller ett objekt: tilldelningarna i dess lista och kontonas rättigheter.

tab = Åtkomst
title = { $bucket } · Åtkomst
grants-by-list = Tilldelningar genom ACL
rights-by-account = Rättigheter per konto
grants = Tilldelningar
owner = Ägare:
owner-may-all = har alla rättigheter, utan tilldelning
none = Ingen utom ägaren har tilldelats något.
count = { $count } av högst { $most } tilldelningar
line = { $whom }: { $right }
not-saved-yet = inte sparad än
nobody-known = Ingen känd

public-no = Offentlig: nej
public-not-by-list = Offentlig: nej, så långt det syns härifrån
public-reads = Offentlig: alla får läsa, utan konto
public-writes = Offentlig: alla får lagra och ta bort, utan konto
public-reads-writes = Offentlig: alla får läsa, lagra och ta bort, utan konto
public-list = Offentlig: alla får läsa eller ändra vem som får göra vad, utan konto
not-enforced = Namnrymden tillämpar inte objektens åtkomstlistor: det som tilldelas här har ingen verkan.

right-read = Läsa
right-write = Lagra och ta bort
right-read-acp = Se vem som får göra vad
right-write-acp = Ändra vem som får göra vad
right-full-control = Alla rättigheter
a-person = En person
signed-in = Alla med ett konto
everybody = Alla, utan konto

to = Till
name = Namn
right = Rättighet
add = Lägg till
added = Tillagd, inte sparad än: { $line }
removed = Borttagen, inte sparad än: { $line }
remove = Ta bort { $line }
help-bucket = En lokal användare hos tenanten. Grupper och användare i en katalog får rättigheter per konto.
help-object = En lokal användare, eller användare@domän i en katalog.
help-unlisted = Namnet på en lokal användare hos tenanten.
help-s3 = En e-postadress eller ett kanoniskt användar-id.
name-first = Ange till vem.
no-such-user = { $name } är ingen lokal användare hos tenanten. I en bucket kan bara lokala användare och de två grupperna tilldelas något.
granted-already = Detta är redan tilldelat: { $line }
owner-has-all = Ägaren har ändå alla rättigheter.
full = En lista rymmer inte fler tilldelningar än så här
canned = Ersätt allt med
canned-choose = Välj en lista …
canned-private = Ingen utom ägaren
canned-bucket-owner-read = Bucketens ägare läser
canned-bucket-owner-full = Bucketens ägare har alla rättigheter
canned-authenticated-read = Alla med ett konto läser
canned-public-read = Alla läser, utan konto
canned-public-read-write = Alla läser, lagrar och tar bort, utan konto
what-stays = Tilldelningar som blir kvar
may-be-public = Alla ska få det, utan konto
save = Spara tilldelningarna
saving = Sparar …
saved = Tilldelningarna är sparade.
reset = Återställ
nothing-changed = Inget har ändrats
decide-first = Bestäm först vilka tilldelningar du går vidare med

make-public = Göra { $name } offentlig?
means-reads = Alla som känner till adressen kommer att kunna läsa, utan konto.
means-writes = Alla som känner till adressen kommer att kunna lagra och ta bort, utan konto.
means-reads-writes = Alla som känner till adressen kommer att kunna läsa, lagra och ta bort, utan konto.
means-list = Alla som känner till adressen kommer att kunna läsa eller ändra vem som får göra vad, utan konto.
back-object = Ta bort tilldelningen för att ångra. Det som lästs dessförinnan finns kvar hos dem som läst det.
back-bucket = Det gäller allt i bucketen. Ta bort tilldelningen för att ångra. Det som lästs dessförinnan finns kvar hos dem som läst det.
make-it-public = Gör offentlig

before = Tidigare
theirs = Deras, sparade
yours = Dina, inte sparade
take-theirs = Ta deras
put-mine-on-theirs = Lägg mina ändringar på deras

rights-mean = Dataåtkomst i denna namnrymd, för alla dess objekt. Att kryssa för en rättighet kryssar för det som hör till. Bara det som ändrats sparas.
rights-hidden = Administratörer ser här vilka konton som har dataåtkomst.
rights-caption = Vad konton får göra i namnrymden
rights-without-scripts = Utan skript ändras ett kontos rättigheter på dess egen sida.
account = Konto
group = Grupp
of-account = för { $account }
masked = , utesluten av namnrymdens behörighetsmask
mask-says = Överstrukna rättigheter utesluts av namnrymdens behörighetsmask, vem som än har dem.
missing = { $count ->
    [one] Rättigheterna för 1 konto kunde inte läsas.
   *[other] Rättigheterna för { $count } konton kunde inte läsas.
}
no-rights = inga
change = { $account }: { $before } → { $now }
refused = { $account }: { $why }
rights-changed = Någon annan har ändrat dessa rättigheter. Sparade är nu: { $theirs }. Tidigare: { $before }. Dina: { $yours }. Spara igen för att få dina.
rights-saved = { $count ->
    [one] Rättigheterna för 1 konto är sparade.
   *[other] Rättigheterna för { $count } konton är sparade.
}
save-rights = Spara rättigheterna

effective = Faktisk åtkomst
effective-means = Vad någon kan göra till slut, och genom vad: maskerna, och varje väg som leder till en rättighet.
whom = Vem
whom-help = En lokal användare. Lämnas det tomt gäller det någon utan konto.
no-local-user = { $name } är ingen lokal användare hos tenanten.
assumed-groups = Anta grupper
assumed-groups-help = Namn med komman emellan. Vem som är med i en grupp i katalogen syns inte härifrån.
explain = Förklara
explaining = Slås upp …
a-stranger = Någon utan konto
may = { $whom } kan: { $rights }.
may-nothing = { $whom } kan inte göra något här.
may-unknown = Inte känt: { $rights }.
can = kan
cannot = kan inte
can-unknown = inte känt
must-let-through = Alla dessa måste släppa igenom den
one-must-lead = En av dessa måste leda till den
change-it = Ändra
enabled = Kontot är aktiverat
disabled = Kontot är avstängt
enabled-unknown = Om kontot är aktiverat kan inte läsas
tenant-lets = Tenantens behörighetsmask släpper igenom den
tenant-stops = Tenantens behörighetsmask stoppar den
tenant-unknown = Tenantens behörighetsmask kan inte läsas
namespace-lets = Namnrymdens behörighetsmask släpper igenom den
namespace-stops = Namnrymdens behörighetsmask stoppar den
namespace-unknown = Namnrymdens behörighetsmask kan inte läsas
by-account = Kontots rättigheter
by-group = Rättigheter för gruppen { $name }
by-signed-in = Minsta rättigheter för alla med konto
by-everybody = Minsta rättigheter för alla
by-bucket-list = Bucketens tilldelningar
by-object-list = Objektets tilldelningar
by-object-list-ignored = Objektets tilldelningar, som namnrymden inte tillämpar
by-bucket-owner = Äger bucketen
by-object-owner = Äger objektet
leads = ja
does-not-lead = nej
cannot-be-read = kan inte läsas
not-looked-at = Inte prövat: hela systemets mask, som en tenant inte får veta, avstängda protokoll, tillåtna adresser och bevarande. Tillfälliga nycklar kan mindre än sitt konto.
