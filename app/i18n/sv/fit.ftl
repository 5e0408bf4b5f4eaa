# Om filer ryms i en bucket: en kalkylator på sidan för dess användning.

title = Ryms det?
size = Alla filers storlek
unit = Enhet
files = Antal filer
replaced = Varav i stället för filer som finns
ask = Ryms det?
no-number = Ange storleken och antalen med siffror, till exempel 1,5 eller 20.
fits = Det ryms: { $files ->
    [one] 1 fil på { $average }.
   *[other] { $files } filer på { $average } i genomsnitt.
} { $left } förblir ledigt.
soft = Det ryms, men går över den mjuka kvoten: { $percent } % av kvoten används då, och { $left } förblir ledigt. Administratörerna får veta det.
tight = Det ryms bara fil för fil: en stund finns gammalt och nytt samtidigt, och tillsammans är de mer än kvoten. Till slut förblir { $left } ledigt.
short = Det ryms inte: { $missing } saknas. Lagringen nekar det som går över kvoten.
too-large = Inget objekt är större än 5 TB, och dessa är { $average } i genomsnitt.
no-quota = Ingen kvot för denna bucket visas här: vad som begränsar den är inte känt.
not-told = Lagringen talar inte om hur mycket denna bucket rymmer nu, så ingen kan säga om det ryms.
not-known = Vad detta inte vet
counted-late = Lagringen räknar då och då vad en bucket innehåller: det som nyss sparades eller raderades kan saknas.
keeps-versions = Denna bucket sparar versioner, eller har gjort det: det som ersätts finns kvar och tar plats tills det rensas.
keeps-none = Denna bucket sparar inga versioner: det som ersätts försvinner när den nya filen finns.
versions-unknown = Om denna bucket sparar versioner är inte känt: den räknas som en som gör det.
beside = Oavslutade uppladdningar och egna metadata tar också plats, liksom det som andra sparar under tiden.
blocks = Lagringen räknar utrymme i hela block, med det som den sparar utöver innehållet: många små filer tar mer plats än sin storlek.
of-tenant = Tenanten har en egen kvot, som kan nås före bucketens.
