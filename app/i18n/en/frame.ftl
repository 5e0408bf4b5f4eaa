# What stands around every page, and the pages outside the frame.

skip-to-content = Skip to content
to-buckets = Go to buckets

not-found = Not found
not-found-here = There is no page at this address.

sign-out = Sign out
sign-out-means = This ends your session in this browser.
stay-signed-in = Stay signed in

menu = Menu
main = Main
data = Data
tenant = Tenant
system = System
buckets = Buckets
search = Search
transfers = Transfers
namespaces = Namespaces
users = Users
groups = Groups
usage = Usage
settings = Settings
tenants = Tenants
this-system = This system
fold = Collapse navigation
unfold = Expand navigation

close = Close
dismiss = Dismiss
notifications = Notifications
new-notifications = { $count ->
    [one] Notifications, 1 new
   *[other] Notifications, { $count } new
}
nothing-said = Nothing has been said in this session. What comes up as a message stays here until you sign out.
clear-notifications = Clear

needs-scripts = The search field, notifications and keyboard shortcuts need JavaScript.

local-hcp = Local HCP
s3-store = S3 store
