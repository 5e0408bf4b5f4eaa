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
