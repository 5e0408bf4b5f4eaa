# Hur konsolen ser ut och beter sig i en webbläsare.

heading = Inställningar
explained = De gäller den här webbläsaren, vem som än loggar in.
save = Spara
saved = Inställningarna är sparade.

theme = Tema
theme-system = Systemets
theme-light = Ljust
theme-dark = Mörkt

language = Språk
language-browser = Som webbläsaren vill
language-help = Texter som ännu inte är översatta visas på engelska.

density = Täthet
density-comfortable = Luftig
density-compact = Kompakt
density-help = Hur höga raderna i tabeller och listor är. Pekskärmar får alltid den luftiga höjden.

time-zone = Tider
time-zone-local = Enligt enhetens klocka
time-zone-utc = I UTC
time-zone-help = Rapporter och exporter är alltid i UTC.

start-page = Startsida
start-usual = Den vanliga
start-buckets = Bucketar
start-transfers = Överföringar
start-namespaces = Namespaces
start-help = Var Hako öppnas.

motion = Rörelse
motion-system = Som systemet vill
motion-reduced = Minskad
motion-help = Minskad: inget glider eller tonar.

navigation = Navigering
navigation-words = Ikoner med ord
navigation-icons = Bara ikoner
navigation-help = På breda skärmar. Smala har ikoner, telefoner en meny.

single-keys = Enstaka tangenter
single-keys-on = På
single-keys-off = Av
single-keys-help = Tangenter som N eller ? som gör något på egen hand, utanför fält. Ctrl K och F6 fungerar alltid.

of-appearance = Utseende
of-pages = Sidor och tangenter
of-files = Filer
of-uploads = Uppladdningar

name-order = Namnens ordning
name-order-store = Lagrets
name-order-natural = Naturlig
name-order-help = Naturlig: 2 kommer före 10, och versaler spelar ingen roll. En adress som anger en ordning bestämmer själv.

folders = Mappar
folders-first = Före filerna
folders-mixed = Bland filerna

deletion-delay = Väntan före borttagning
deletion-delay-short = 8 sekunder
deletion-delay-longer = 20 sekunder
deletion-delay-minute = 1 minut
deletion-delay-asked = Tills den bekräftas
deletion-delay-help = För upp till 100 filer, där inget kan återställa dem. Tills dess kan de behållas.

existing = Filer som redan finns
existing-ask = Fråga
existing-help = Om något skulle gå förlorat ställs frågan varje gång.

large-uploads = Många eller stora filer
large-uploads-shown = Visa innan de laddas upp
large-uploads-begun = Börja genast
large-uploads-help = Fler än 1 000 filer, eller 50 GB. Det som måste avgöras visas alltid.

parallel-uploads = Parallella uppladdningar
parallel-uploads-automatic = Automatiskt
parallel-uploads-help = Filer och delar som skickas samtidigt. Färre lämnar mer av nätverket till andra.

verify-checksums = Kontrollsummor
verify-checksums-on = Skickas med innehållet
verify-checksums-off = Skickas inte
verify-checksums-help = Med dem vägrar lagret det som skadats på vägen, om det jämför dem. De tar beräkningstid.

announcements = Meddelanden under uppladdning
announcements-normal = Början, kvartar, slut
announcements-few = Bara slutet
announcements-often = Även var 10:e sekund
announcements-help = För skärmläsare. När någon behövs sägs det alltid.

transfer-history = Överföringarnas historik
transfer-history-kept = Sparas i 30 dagar
transfer-history-forgotten = Sparas inte
transfer-history-help = I den här webbläsaren, med namn och kontrollsummor. Det som inte sparas glöms genast, för alla som använder webbläsaren.
