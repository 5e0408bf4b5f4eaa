### Byta namn, kopiera och flytta i objektbläddraren.

rename = Byt namn
copy-to = Kopiera till…
move-to = Flytta till…
needs-one = Markera en fil eller mapp för att byta namn på den
cancel = Avbryt

new-name = Nytt namn på { $name }
name-empty = Ett namn behövs.
name-slash = Ett namn har inget snedstreck. Använd ”Flytta till…” för att lägga det i en annan mapp.
name-dots = Namnen ”.” och ”..” leder ingenstans.
name-reserved = HCP behåller det här namnet för sig självt.
name-control = Ett namn har inga styrtecken.
name-too-long = Namnet ger en nyckel på { $bytes } byte; lagret tar { $most }.
name-taken = { $name } finns redan här.
not-renamed = Namnet byttes inte: { $reason }
renamed = { $from } heter nu { $to }.
rename-folder = Byt namn på mappen
rename-folder-title = Byt namn på mappen { $name }
rename-folder-plan = { $count ->
    [one] 1 objekt ({ $size }) går från { $from } till { $to }.
   *[other] { $count } objekt ({ $size }) går från { $from } till { $to }.
 }
rename-folder-refused = { $count ->
    [one] 1 objekt kan inte flyttas och blir kvar: { $reason }
   *[other] { $count } objekt kan inte flyttas och blir kvar. Det första: { $reason }
 }
rename-folder-means = Ett lager byter inte namn på mappar: varje objekt kopieras, och tas bort när kopian finns. Tills jobbet är klart har båda mapparna en del var.
folder-is-being-renamed = Mappen { $from } byter namn till { $to }.
show-job = Visa jobbet
was-renamed = Den här mappen har bytt namn.
open-renamed = Öppna { $name }

looking = Letar efter upptagna namn…
everything = Allt i den här mappen
entries = { $count ->
    [one] 1 post
   *[other] { $count } poster
 }
copy-everything = Kopiera allt i den här mappen till…
copy-files = { $files ->
    [one] Kopiera 1 fil till…
   *[other] Kopiera { $files } filer till…
 }
copy-folders = { $folders ->
    [one] Kopiera 1 mapp till…
   *[other] Kopiera { $folders } mappar till…
 }
copy-both = Kopiera { $folders ->
    [one] 1 mapp
   *[other] { $folders } mappar
 } och { $files ->
    [one] 1 fil
   *[other] { $files } filer
 } till…
move-everything = Flytta allt i den här mappen till…
move-files = { $files ->
    [one] Flytta 1 fil till…
   *[other] Flytta { $files } filer till…
 }
move-folders = { $folders ->
    [one] Flytta 1 mapp till…
   *[other] Flytta { $folders } mappar till…
 }
move-both = Flytta { $folders ->
    [one] 1 mapp
   *[other] { $folders } mappar
 } och { $files ->
    [one] 1 fil
   *[other] { $files } filer
 } till…
target-bucket = Bucket
target-folder = Mapp
target-help = Tomt är bucketens översta nivå. En mapp som inte finns skapas.
target-same = Det ligger redan i den här mappen.
target-inside = Den här mappen är en del av det som ska dit.
folders = Mappar
one-level-up = En nivå upp
listing-folders = Letar efter mappar…
no-folders = Här finns inga mappar.
more-folders = Det finns fler. Sökvägen till vilken annan mapp som helst kan skrivas.
folders-unknown = Mapparna kan inte listas. { $reason }
when-taken = Om ett namn är upptaget
names-taken = { $count ->
    [one] 1 namn är upptaget i { $folder }.
   *[other] { $count } namn är upptagna i { $folder }.
 }
policy-fail = Rapportera det
policy-fail-means = Inget händer med objektet, och jobbet nämner det.
policy-skip = Hoppa över
policy-skip-means = Objektet kopieras inte.
policy-skip-moves = Objektet flyttas inte utan ligger kvar.
policy-overwrite = Skriv över
policy-overwrite-means = Det som finns där ersätts.
policy-rename = Behåll båda
policy-rename-means = Kopian får ett nummer, som i namn (2).ext.
acl-note = HCP för inte över åtkomstlistor (ACL) till kopior. Egna metadata följer med.
submit-copy = Kopiera
submit-move = Flytta
copying-to = Kopieringen till { $folder } har börjat.
moving-to = Flytten till { $folder } har börjat.

taken-some = { $count ->
    [one] 1 post kan nu klistras in med Ctrl V.
   *[other] { $count } poster kan nu klistras in med Ctrl V.
 }
taken-everything = Allt i den här mappen kan nu klistras in med Ctrl V.
cut-some = { $count ->
    [one] 1 post flyttas dit den klistras in med Ctrl V.
   *[other] { $count } poster flyttas dit de klistras in med Ctrl V.
 }
cut-everything = Allt i den här mappen flyttas dit det klistras in med Ctrl V.
drop-moves = Flytta { $what } till { $folder }
drop-copies = Kopiera { $what } till { $folder }
dragged-here = det som dras
