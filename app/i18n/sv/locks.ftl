# Objektlås i andra lager än HCP, i panelen.

lock = Objektlås
free = Inget bevarande skyddar den här versionen.
ended = Inget bevarande skyddar den här versionen längre: det upphörde { $time }.
governance-until = Den här versionen bevaras till { $time }, i läget governance: den som har rätt till det kan förkorta eller häva det.
compliance-until = Den här versionen bevaras till { $time }, i läget compliance. Ingen kan förkorta eller häva det.
no-default = Nya objekt i den här bucketen får inget bevarande.
default-days = { $count ->
    [one] Nya objekt i den här bucketen bevaras i 1 dag, i läget { $mode }.
   *[other] Nya objekt i den här bucketen bevaras i { $count } dagar, i läget { $mode }.
}
default-years = { $count ->
    [one] Nya objekt i den här bucketen bevaras i 1 år, i läget { $mode }.
   *[other] Nya objekt i den här bucketen bevaras i { $count } år, i läget { $mode }.
}
mode = Läge
governance = governance
compliance = compliance
governance-help = Den som har rätt att gå förbi det kan förkorta eller häva bevarandet, med ett skäl.
compliance-help = Ingen kan ta bort den här versionen före slutet, inte heller en administratör eller kontots ägare.
one-way-help = Ett bevarande i läget compliance kan förlängas, men aldrig förkortas, hävas eller få ett annat läge.
meant = Jag vet att ingen kan ångra detta
time-first = Ange först till när den bevaras.
nothing-changed = Den bevaras redan så.
meant-first = Kryssa i att detta inte kan ångras.
bar-over = Ett bevarande slutar i framtiden.
bar-compliance = Den bevaras i läget compliance till { $time }: det kan förlängas, men aldrig förkortas eller hävas.
bar-governance = Den bevaras i läget governance till { $time }: ange ett skäl för att förkorta, häva eller ändra det.
reason-help = Behövs för att förkorta, häva eller ändra ett bevarande i läget governance. Det står i granskningsloggen med ditt namn.
reason-first = Ange först ett skäl: detta går förbi läget governance.
lift = Häv bevarandet
lifted = Bevarandet är hävt.
legal-hold = Juridisk spärr
legal-hold-help = Så länge den finns kan ingen ta bort den här versionen, vad bevarandet än säger.
