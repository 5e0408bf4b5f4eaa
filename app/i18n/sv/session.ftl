# Vem som är inloggad, som vad, och hur länge.

menu = , sessionsmeny
sessions = Sessioner
sign-in = Logga in
sign-in-elsewhere = Logga in i en annan tenant
change-password = Byt lösenord
sign-out-all = Logga ut från alla
sign-out-of = Logga ut { $who }
switch = Byt
switch-to = Byt till { $who }
sign-in-again = Logga in igen
sign-in-again-as = Logga in igen som { $who }
here = den här sidan
current = Aktuell
person = { $user } i { $place }
level-system = Systemnivå
level-tenant = Tenant
level-key = Åtkomstnyckel
state-active = Aktiv
state-ends-soon = Går snart ut
state-ended = Avslutad
ends-at = går ut
ended-at = gick ut

# Efter byte till en annan session.
not-seen = { $who } ser inte { $address }. Det här är närmaste sida ovanför.

# Före och efter sessionens slut.
ends-in = { $minutes ->
    [one] Din session går ut om en minut.
   *[other] Din session går ut om { $minutes } minuter.
}
has-ended = Din session har gått ut. Det som står på sidan finns kvar.
stay = Förbli inloggad
again-title = Logga in för att stanna på sidan
again-explained = Ange lösenordet för { $who }. Det som står på sidan finns kvar.
password = Lösenord
secret-key = Hemlig nyckel

# När en annan session har tagit över.
displaced-title = En annan session är aktuell
displaced-explained = En annan session i den här webbläsaren har blivit den aktuella sedan sidan öppnades. Ingenting gjordes.
continue-as = Fortsätt som { $who }
reload-as = Ladda om som { $who }

# Det egna lösenordet.
password-heading = Byt lösenord
password-forced = Du måste byta lösenord innan du kan fortsätta.
password-current = Nuvarande lösenord
password-new = Nytt lösenord
password-repeat = Nytt lösenord igen
password-rules = Ett lösenord
password-keys = Dina S3-nycklar följer av lösenordet: verktyg som använder de gamla slutar fungera.
password-submit = Byt lösenord
rule-kept = uppfyllt
rule-not-yet = inte än
cancel = Avbryt

# Inloggningssidan.
sign-in-to-hako = Logga in i Hako
user-name = Användarnamn
tenant-help = Lämna tomt för systemnivån.
store = Lagring: { $name }
enter-both = Ange användarnamn och lösenord.
login-message = Meddelande från tenanten
already = Du är inloggad som { $who }. Om du loggar in här får du en session till.
go-on = Fortsätt

demo = Demo
as-set-by = som satt av{ " " }

password-length = har { $least } till { $most } tecken
password-mixed = blandar två av bokstäver, siffror och andra tecken
password-upper-case = har minst { $least } stora bokstäver
password-lower-case = har minst { $least } små bokstäver
password-digits = har minst { $least } siffror
password-others = har minst { $least } andra tecken
password-no-username = innehåller inte användarnamnet
password-uncommon = är inget vanligt lösenord
