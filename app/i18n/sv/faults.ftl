# Varför en uppladdning stannade: varför, vad som är oskadat, vad man gör.

parts-kept = { $count ->
    [one] Den del som redan är lagrad sparas.
   *[other] De { $count } delar som redan är lagrade sparas.
 }
file-unharmed = Filen på din enhet är oskadad.
nothing-changed = Ingenting i bucketen ändrades.
press-retry = Tryck på Försök igen.
give-another-key = Ge den en annan nyckel i dess detaljer, eller byt namn på filen och ladda upp den igen.
key-taken = En annan uppladdning på den här sidan går till samma nyckel.
key-taken-remedy = Ge den här en annan nyckel i dess detaljer; eller vänta tills den andra är klar och tryck sedan på Försök igen för att ersätta det som den lagrade; eller ta bort den här.
split-the-file = Dela filen.
too-large = Ett objekt rymmer högst 5 TB.
plan-differs = Hako planerade andra delar än den här sidan.
reload-and-upload = Ladda om sidan och ladda upp filen igen.
parts-differ = Lagringen listar inte delarna som de skickades.
size-differs = Det lagrade objektet har { $found }, filen har { $expected }. Någon annan kan ha skrivit till samma nyckel.
look-then-replace = Titta på objektet och tryck sedan på Försök igen för att ersätta det.
unconfirmed = Lagringen tog emot byten, men visar inte objektet.
refresh-then-retry = Uppdatera listan. Tryck på Försök igen om objektet saknas.
upload-lost = Lagringen glömde uppladdningen flera gånger.
gone = Den slutfördes eller gavs upp på annat håll, så det finns inget att fortsätta med.
look-and-upload-anew = Titta i bucketen. Ladda upp filen på nytt om objektet saknas.
protected = Objektet som finns där är under bevarande eller spärr, så det kan inte ersättas.
keep-both-or-wait = Behåll båda, eller vänta tills dess bevarande är över.
no-name-left = Tusen namn som liknar det är redan upptagna.
rename-and-upload = Byt namn på filen och ladda upp den igen.
exhausted-network = Försökte { $attempts } gånger: lagringen gick inte att nå.{ $detail }
exhausted-silence = Försökte { $attempts } gånger: inget rörde sig på 60 s.{ $detail }
exhausted-hako = Försökte { $attempts } gånger: Hako kunde inte göra sin del.{ $detail }
exhausted-store = Försökte { $attempts } gånger: lagringen misslyckades.{ $detail }
check-the-connection = Kontrollera förbindelsen och lagringen och tryck sedan på Försök igen: den fortsätter där den stannade.
out-of-space = Bucketen ”{ $bucket }”, eller lagringen, har inget utrymme kvar.{ $detail }
out-of-space-remedy = Frigör utrymme eller be om en större kvot och tryck sedan på Försök igen.
denied = Lagringen tillät inte skrivning till bucketen ”{ $bucket }”.{ $detail }
denied-remedy = Be om rätten att skriva och tryck sedan på Försök igen.
clocks-differ = Lagringens klocka och Hakos skiljer sig för mycket.{ $detail }
clocks-remedy = Be administratören ställa klockorna och tryck sedan på Försök igen.
no-bucket = Bucketen ”{ $bucket }” går inte att nå.{ $detail }
no-bucket-remedy = Se efter om den finns kvar och tryck sedan på Försök igen.
conflict = Lagringen låter inte den här nyckeln skrivas över nu.{ $detail }
conflict-remedy = Radera eller byt namn på objektet som finns och tryck sedan på Försök igen.
damaged = Byten kom inte fram som de skickades.{ $detail }
damaged-remedy = Tryck på Försök igen. Kommer felet tillbaka är filen eller förbindelsen skadad.
refused = Förfrågan avvisades.{ $detail }
refused-remedy = Tryck på Försök igen; meddela administratören koden om felet kommer tillbaka.

key-empty = Filen har inget namn.
key-too-long = Dess nyckel skulle ha { $bytes } byte; lagringen tar { $limit }.
key-nul = Dess namn har ett NUL-tecken, vilket ingen nyckel får ha.
key-reserved = ”.directory-metadata” är reserverat av lagringen.
size-empty = En tom fil har inga delar.
size-of-parts = Delar har 5 MB till 5 GB.
size-too-many-parts = Den skulle ha { $parts } delar; S3 tar högst 10 000.
begun-under-its-key = Uppladdningen har börjat under sin nuvarande nyckel.
key-of-another = En annan uppladdning går till den här nyckeln.
pattern-empty = Ett mönster behövs, till exempel { "{" }path{ "}" }
pattern-unknown = { "{" }{ $word }{ "}" } står inte för något; det gör { "{" }path{ "}" }, { "{" }name{ "}" }, { "{" }folder{ "}" } och { "{" }date{ "}" }
pattern-brace = En klammer saknar sin motsvarighet; skriv { "{" }{ "{" } eller { "}" }{ "}" } för själva tecknet
pattern-folder = Mönstret slutar med ett snedstreck; lägg till { "{" }name{ "}" } eller { "{" }path{ "}" } efter det

note-begun-anew = Lagringen hade glömt uppladdningen, så den började om från första byten.
note-found-complete = Förbindelsen bröts medan delarna sattes ihop; objektet finns där.
note-unseen = Ditt konto får inte läsa den här bucketen, så objektets storlek jämfördes inte.
note-stored-before-change = Lagringen hade redan tagit emot den: titta på objektet innan du litar på det.
note-parts-left = Lagringen kunde inte få veta att delarna som redan skickats ska kastas. Hako försöker igen nästa gång sidan öppnas.
note-other-file = Filen som valdes är inte den som påbörjades. Inget av den skickades.
note-through-hako = Den här webbläsaren når inte lagringen, så byten går genom Hako.
