# Paletten som hittar sidor, saker och kommandon, och listan över kortkommandon.

palette = Gå till
search-or-go = Sök eller gå till…
found = Träffar
nothing = Inget stämmer med ”{ $text }”.
count = { $count ->
    [one] 1 träff
   *[other] { $count } träffar
}
hints = > kommandon · /bucket/mapp/ sökvägar · @ personer · # jobb

kind-page = Sida
kind-bucket = Bucket
kind-namespace = Namnrymd
kind-person = Användare
kind-tenant = Tenant
kind-command = Kommando
kind-job = Jobb
kind-folder = Mapp

new-bucket = Ny bucket
new-namespace = Ny namnrymd
new-user = Ny användare
new-group = Ny grupp
new-tenant = Ny tenant
theme-system = Tema som systemet
theme-light = Ljust tema
theme-dark = Mörkt tema

shortcuts = Kortkommandon
single-keys-are-off = Enstaka tangenter är avstängda för den här webbläsaren.
everywhere = Överallt
in-files = Fillistan
go-to = Gå till { $page }
key-filter = Filtrera sidan
key-section = Gå till ett avsnitt av sidan
key-submit = Skicka formuläret
key-next = Nästa område: navigering, innehåll, uppladdningar
key-previous = Föregående område
key-fold = Fäll ihop eller ut navigeringen
key-escape = Stäng det som är öppet
key-move = Flytta
key-cells = Flytta mellan celler
key-select = Markera
key-select-range = Markera ett intervall
key-select-all = Markera allt
key-open = Öppna
key-jump = Sedan bokstäver: gå till namnet som börjar så
key-up = En mapp upp
key-path = Redigera sökvägen
key-menu = Radens meny
key-space = Mellanslag
