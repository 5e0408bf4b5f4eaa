# Det som står kring varje sida, och sidorna utanför ramen.

skip-to-content = Hoppa till innehållet
to-buckets = Till buckets

not-found = Finns inte
not-found-here = Det finns ingen sida på den här adressen.

sign-out = Logga ut
sign-out-means = Sessionen i den här webbläsaren avslutas.
stay-signed-in = Förbli inloggad

menu = Meny
main = Huvudmeny
data = Data
tenant = Tenant
system = System
buckets = Buckets
search = Sök
transfers = Överföringar
namespaces = Namnrymder
users = Användare
groups = Grupper
usage = Användning
settings = Inställningar
tenants = Tenanter
this-system = Det här systemet
fold = Fäll ihop navigeringen
unfold = Fäll ut navigeringen

close = Stäng
dismiss = Ta bort
notifications = Meddelanden
new-notifications = { $count ->
    [one] Meddelanden, 1 nytt
   *[other] Meddelanden, { $count } nya
}
nothing-said = Inget har sagts i den här sessionen. Det som visas som meddelande finns kvar här tills du loggar ut.
clear-notifications = Rensa

needs-scripts = Sökfältet, meddelanden och kortkommandon kräver JavaScript.

local-hcp = Lokal HCP
s3-store = S3-lager
