-- XML to elements and back.
journey("xml is read with its namespaces", { tags = { "engine" } }, function(j)
  local order = xml.decode([=[<?xml version="1.0"?>
    <o:order xmlns:o="urn:orders" xmlns:x="urn:x" id="7" x:kind="gift">
      <o:item>tea &amp; milk</o:item> <note><![CDATA[a < b]]></note>
    </o:order>]=])
  j:expect(order, {
    name = "order", ns = "urn:orders", text = "",
    attrs = { id = "7", ["{urn:x}kind"] = "gift" },
    children = { { name = "item", ns = "urn:orders", text = "tea & milk" }, { name = "note", ns = "", text = "a < b" } },
  })
  j:expect(xml.decode(xml.encode(order)), order)
  j:expect_error({ kind = "unreadable", message = match.contains('"total"') },
    function() return order.attrs.total end)
end)

journey("xml is written, and what is none is refused", { tags = { "engine" } }, function(j)
  local text = xml.encode { name = "order", attrs = { id = 7 }, children = { { name = "item", text = "tea & milk" } } }
  j:expect(text, '<order id="7"><item>tea &amp; milk</item></order>')
  j:expect(xml.encode([[<a & "b">]]), "&lt;a &amp; &quot;b&quot;&gt;")
  for _, bad in ipairs { "", "<a>", "<a></b>", "<a/><b/>", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>' } do
    j:expect_error({ kind = "unreadable", message = match.contains("xml.decode") },
      function() xml.decode(bad) end)
  end
end)
