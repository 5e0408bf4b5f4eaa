# Who is signed in, as what, and for how long.

menu = , session menu
sessions = Sessions
sign-in = Sign in
sign-in-elsewhere = Sign in to another tenant
change-password = Change password
sign-out-all = Sign out of all
sign-out-of = Sign out { $who }
switch = Switch
switch-to = Switch to { $who }
sign-in-again = Sign in again
sign-in-again-as = Sign in again as { $who }
here = this page
current = Current
person = { $user } at { $place }
level-system = System level
level-tenant = Tenant
level-key = Access key
state-active = Active
state-ends-soon = Ends soon
state-ended = Ended
ends-at = ends
ended-at = ended

# After going on as another session.
not-seen = { $who } does not see { $address }. This is the nearest page above it.

# Before and after the end of the session.
ends-in = { $minutes ->
    [one] Your session ends in a minute.
   *[other] Your session ends in { $minutes } minutes.
}
has-ended = Your session has ended. What is on this page stays.
stay = Stay signed in
again-title = Sign in to stay on this page
again-explained = Enter the password of { $who }. What is on this page stays as it is.
password = Password
secret-key = Secret key

# When another session took the place of the page's.
displaced-title = Another session is current
displaced-explained = Another session of this browser has become the current one since this page was opened. Nothing was done.
continue-as = Continue as { $who }
reload-as = Reload as { $who }

# The own password.
password-heading = Change password
password-forced = Your password has to be changed before you can go on.
password-current = Present password
password-new = New password
password-repeat = New password again
password-rules = A password
password-keys = Your S3 keys follow from your password: tools that use the old ones stop working.
password-submit = Change password
rule-kept = kept
rule-not-yet = not yet
cancel = Cancel

# The sign-in page.
sign-in-to-hako = Sign in to Hako
user-name = User name
tenant-help = Leave empty for the system level.
store = Store: { $name }
enter-both = Enter a user name and a password.
login-message = Message of the tenant
already = You are signed in as { $who }. Signing in here adds another session.
go-on = Continue

demo = Demo
as-set-by = as set by{ " " }

password-length = has { $least } to { $most } characters
password-mixed = mixes two of letters, digits and other characters
password-upper-case = has at least { $least } upper-case letters
password-lower-case = has at least { $least } lower-case letters
password-digits = has at least { $least } digits
password-others = has at least { $least } other characters
password-no-username = does not hold the user name
password-uncommon = is not a common password
