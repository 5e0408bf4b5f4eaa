# Raderingskodning: system som vart och ett har en del av ett objekt.
erasure-coding = Raderingskodning
topology = Topologi
topologies = Topologier
new-topology = Ny topologi
create-topology = Skapa topologi
the-topology-was-created = Topologin skapades. Inget objekt kodas förrän tenanter läggs till.
topologies-counted = { $count ->
    [one] 1 topologi
   *[other] { $count } topologier
}
no-topologies = Inga topologier. En sådan behöver länkar båda vägar mellan 3 till 6 HCP-system.
no-links = Det finns ingen länk som en topologi kan göras av. Den behöver länkar båda vägar mellan 3 till 6 HCP-system: gör dem först under Replikering.
name-help = 1 till 64 tecken.
delay = Dagar tills ett objekt kodas
delay-help = 0 till 3 650.
full-copy = Behåll en hel kopia bredvid delarna
full-copy-help = Ett system har då varje objekt helt, vilket tar mer plats och läses snabbare.
smallest = Minsta objekt som kodas
restore-period = Dagar som ett objekt förblir helt när det har lästs
restore-help = 0 till 180.
ring = I ring
fully-connected = Alla med alla
active = aktiv
retiring = avvecklas
retired = avvecklad
healthy = frisk
vulnerable = sårbar
broken = bruten
unhealthy = sjuk
not-replicating = replikerar inte
systems = System
protection = Skydd
readable = Läsning
coded-objects = Kodade objekt
paused-tenants = { $count ->
    [one] 1 tenant är pausad.
   *[other] { $count } tenanter är pausade.
}
drawing = System: { $systems }. { $count ->
    [one] 1 länk mellan dem.
   *[other] { $count } länkar mellan dem.
}
links-of-it = Länkar
links-about = Systemen är de som finns i länkarnas ändar. En topologi har 3 till 6.
type-of-it = Hur de är länkade
candidates = Länkar att välja mellan
three-force = Tre system är alltid länkade alla med alla.
fits = De här länkarna gör en topologi.
count = { $count ->
    [one] Det är 1 system; en topologi har 3 till 6.
   *[other] Det är { $count } system; en topologi har 3 till 6.
}
untold = Lagret säger inte vilket system som finns i andra änden av { $links }; om länkarna gör en topologi får lagret avgöra.
missing = Länken mellan { $one } och { $other } saknas.
crowded = { $system } har fler än två länkar, vilket en ring inte tillåter.
no-tenants = Ingen tenant är med i topologin: inget objekt kodas.
no-candidates = Det finns ingen tenant att lägga till. Den måste få använda raderingskodning och inte vara med i någon annan topologi.
takes-none = En avvecklad topologi tar inte emot tenanter.
conflicting = Tenanter som inte kan läggas till
conflicting-because = De är med i en annan topologi, eller så är en annan tenant med samma namn i vägen på något av systemen.
retire = Avveckla
was-retired = { $name } avvecklas.
retire-tenants = { $count ->
    [one] Objekten hos 1 tenant kodas inte längre.
   *[other] Objekten hos { $count } tenanter kodas inte längre.
}
retire-whole = Objekt som kodats görs hela igen på varje system, vilket tar mer plats än nu.
retire-whole-with-copy = Objekt som kodats görs hela igen på varje system som inte har den hela kopian, vilket tar mer plats än nu.
retire-for-good = Den kan inte göras aktiv igen.
retire-then-delete = Efteråt måste den tas bort, när inget objekt är kodat.
delete-topology = Ta bort topologin
force-delete = Ta bort med tvång
force-parts = Objekt som inte är hela igen blir kvar som delar. De kan gå förlorade.
force-one-system = Högst ett system får vara borta; annars vägrar lagret.
delete-for-good = Den kan inte fås tillbaka.
about-retire = Tar topologin ur bruk: objekten görs hela igen. Den kan tas bort när det är klart.
about-delete = Topologin är avvecklad, och inget objekt är kodat.
about-force = Topologin avvecklas. Den kan tas bort när det är klart; före det bara med tvång.
about-wait = Topologin är avvecklad men har ännu kodade objekt, eller så säger lagret inte hur många. Den kan inte tas bort förrän det inte finns några.
about-unknown = Lagret säger inte i vilket tillstånd topologin är.
objects-unknown = Lagret säger inte hur många objekt som är kodade.
objects-coded = { $count ->
    [one] 1 objekt är kodat nu.
   *[other] { $count } objekt är kodade nu.
}
n-4-kb = 4 KB
n-16-kb = 16 KB
n-32-kb = 32 KB
n-64-kb = 64 KB
n-128-kb = 128 KB
n-256-kb = 256 KB
n-512-kb = 512 KB
n-1-mb = 1 MB
