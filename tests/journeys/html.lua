-- Character references, both ways.
journey("html is escaped and read back", { tags = { "engine" } }, function(j)
  j:expect(html.encode([[<a href="x">Tom & 'Jerry'</a>]]),
    "&lt;a href=&quot;x&quot;&gt;Tom &amp; &#39;Jerry&#39;&lt;/a&gt;")
  for _, text in ipairs { "", "plain", "a < b & c > \"d\" 'e'", "&amp;", "Grüße, 写真" } do
    j:expect(html.decode(html.encode(text)), text)
  end
  j:expect(html.decode("&eacute;&#233;&#xE9;&hellip; AT&T &nosuch;"), "ééé… AT&T &nosuch;")
  j:expect_error({ kind = "unreadable", message = match.contains("not UTF-8") },
    function() html.decode("\255") end)
end)
