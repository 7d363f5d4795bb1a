"""What every photo shares: materials, lathe shapes, beans, morning light, camera and the render itself (Blender's bpy)."""

import math
import random

import bpy
import numpy as np
from mathutils import Vector


# --- materials ----------------------------------------------------------------------

class Nodes:
    """A short way to wire shader nodes."""

    def __init__(self, name):
        self.material = bpy.data.materials.new(name)
        self.material.use_nodes = True
        self.tree = self.material.node_tree
        self.shader = self.tree.nodes["Principled BSDF"]

    def add(self, kind, inputs=None, **settings):
        node = self.tree.nodes.new(kind)
        for key, value in settings.items():
            setattr(node, key, value)
        for key, value in (inputs or {}).items():
            self.feed(node.inputs[key], value)
        return node

    def feed(self, socket, value):
        if isinstance(value, bpy.types.NodeSocket):
            self.tree.links.new(value, socket)
        else:
            socket.default_value = value

    def set(self, **inputs):
        for key, value in inputs.items():
            self.feed(self.shader.inputs[key.replace("_", " ").title().replace("Ior", "IOR")], value)

    def ramp(self, factor, *stops):
        node = self.add("ShaderNodeValToRGB", {"Fac": factor})
        elements = node.color_ramp.elements
        while len(elements) < len(stops):
            elements.new(0.5)
        for element, (at, color) in zip(elements, stops):
            element.position, element.color = at, (*color, 1)
        return node.outputs["Color"]

    def noise(self, scale, detail=6, stretch=(1, 1, 1), roughness=0.5):
        where = self.add("ShaderNodeTexCoord").outputs["Object"]
        mapped = self.add("ShaderNodeMapping", {"Vector": where, "Scale": stretch}).outputs["Vector"]
        return self.add("ShaderNodeTexNoise", {"Vector": mapped, "Scale": scale, "Detail": detail, "Roughness": roughness}).outputs["Fac"]

    def bump(self, height, strength, distance=0.02):
        self.set(normal=self.add("ShaderNodeBump", {"Height": height, "Strength": strength, "Distance": distance}).outputs["Normal"])


def srgb(code):
    """`#rrggbb` as linear light."""
    parts = [int(code[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    return tuple(c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)


def plain(name, color, roughness=0.5, **more):
    n = Nodes(name)
    n.set(base_color=(*srgb(color), 1), roughness=roughness, **more)
    return n.material


def wood(name, dark, mid, light, gloss=0.42):
    """Long grain along x: rings drawn out by a stretched noise, pores, and a little sheen that follows them."""
    n = Nodes(name)
    broad = n.noise(0.55, 3, (0.22, 2.4, 1), 0.55)
    where = n.add("ShaderNodeTexCoord").outputs["Object"]
    bent = n.add("ShaderNodeMapping", {"Vector": where, "Scale": (0.10, 1.5, 1)}).outputs["Vector"]
    rings = n.add("ShaderNodeTexWave", {"Vector": bent, "Scale": 1.9, "Distortion": 9.0, "Detail": 4, "Detail Scale": 1.1},
                  wave_type="BANDS", bands_direction="Y").outputs["Fac"]
    pores = n.noise(9, 5, (0.16, 7, 1), 0.7)
    mixed = n.add("ShaderNodeMath", {0: rings, 1: 0.42}, operation="MULTIPLY").outputs[0]
    mixed = n.add("ShaderNodeMath", {0: mixed, 1: broad}, operation="ADD").outputs[0]
    fine = n.add("ShaderNodeMath", {0: pores, 1: 0.55}, operation="MULTIPLY").outputs[0]
    grain = n.add("ShaderNodeMath", {0: mixed, 1: fine}, operation="ADD").outputs[0]
    n.set(base_color=n.ramp(grain, (0.50, srgb(dark)), (0.78, srgb(mid)), (1.0, srgb(light))),
          roughness=n.add("ShaderNodeMapRange", {"Value": pores, "To Min": gloss - 0.1, "To Max": gloss + 0.2}).outputs[0])
    n.bump(grain, 0.22, 0.02)
    return n.material


def stoneware(name, color="#e9e1d3", freckle="#6b4a33", glaze=0.28):
    """Thrown clay with iron freckles under a soft glaze."""
    n = Nodes(name)
    spots = n.noise(52, 2, roughness=0.6)
    shade = n.noise(2.0, 4)
    body = n.ramp(shade, (0.35, tuple(0.88 * c for c in srgb(color))), (0.7, srgb(color)))
    mask = n.ramp(spots, (0.685, (0, 0, 0)), (0.715, (1, 1, 1)))
    mixed = n.add("ShaderNodeMix", {"Factor": mask, 6: body, 7: (*srgb(freckle), 1)}, data_type="RGBA").outputs[2]
    n.set(base_color=mixed, roughness=glaze, coat_weight=0.25, coat_roughness=0.2)
    n.bump(shade, 0.08, 0.03)
    return n.material


def roasted(name="bean", color="#3b2013"):
    """Roasted bean: uneven brown with an oily sheen; each instance a little different."""
    n = Nodes(name)
    one = n.add("ShaderNodeObjectInfo").outputs["Random"]
    dark, light = srgb(color), srgb("#6d3f22")
    tint = n.ramp(one, (0.0, tuple(0.55 * c for c in dark)), (0.55, dark), (1.0, light))
    skin = n.noise(7, 5)
    shade = n.ramp(skin, (0.3, (0.55, 0.55, 0.55)), (0.75, (1.25, 1.2, 1.15)))
    n.set(base_color=n.add("ShaderNodeMix", {"Factor": 1.0, 6: tint, 7: shade}, data_type="RGBA", blend_type="MULTIPLY").outputs[2],
          roughness=n.add("ShaderNodeMapRange", {"Value": skin, "To Min": 0.24, "To Max": 0.5}).outputs[0])
    n.bump(skin, 0.25, 0.05)
    return n.material


def brew(name="brew"):
    """Black coffee: almost opaque, mirror-still, amber where it is thin."""
    n = Nodes(name)
    n.set(base_color=(0.012, 0.0045, 0.0018, 1), roughness=0.03, coat_weight=0.6)
    return n.material


def clear(n):
    """Lets light through to what stands inside: without caustics, glass would cast the shadow of a wall."""
    path = n.add("ShaderNodeLightPath").outputs["Is Shadow Ray"]
    through = n.add("ShaderNodeBsdfTransparent", {"Color": (0.93, 0.93, 0.92, 1)}).outputs[0]
    mix = n.add("ShaderNodeMixShader", {0: path, 1: n.shader.outputs[0], 2: through}).outputs[0]
    n.tree.links.new(mix, n.tree.nodes["Material Output"].inputs["Surface"])
    return n.material


def glass(name="glass", tint=(0.97, 0.99, 0.98)):
    n = Nodes(name)
    n.set(base_color=(*tint, 1), roughness=0.0, transmission_weight=1.0, ior=1.47)
    return clear(n)


def metal(name, color, roughness=0.25):
    n = Nodes(name)
    n.set(base_color=(*srgb(color), 1), metallic=1.0, roughness=roughness)
    return n.material


def picture(name, path, roughness=0.55, alpha=False):
    """An image on the surface by its UV map."""
    n = Nodes(name)
    image = n.add("ShaderNodeTexImage", image=bpy.data.images.load(str(path)))
    n.set(base_color=image.outputs["Color"], roughness=roughness)
    if alpha:
        n.set(alpha=image.outputs["Alpha"])
    n.bump(n.noise(60, 4), 0.05, 0.01)
    return n.material


def glow(name, color, strength):
    n = Nodes(name)
    n.set(base_color=(0, 0, 0, 1), emission_color=(*srgb(color), 1), emission_strength=strength)
    return n.material


# --- shapes -------------------------------------------------------------------------

def mesh(name, vertices, faces, material=None, smooth=True):
    data = bpy.data.meshes.new(name)
    data.from_pydata([tuple(v) for v in vertices], [], faces)
    data.validate()
    thing = bpy.data.objects.new(name, data)
    bpy.context.collection.objects.link(thing)
    if smooth:
        data.polygons.foreach_set("use_smooth", [True] * len(data.polygons))
    if material:
        data.materials.append(material)
    return thing


def subdivided(thing, levels=2):
    modifier = thing.modifiers.new("smooth", "SUBSURF")
    modifier.levels = modifier.render_levels = levels
    return thing


def lathe(name, profile, material, steps=64, levels=2):
    """Turns a profile of (radius, height) about z. A radius of zero closes it."""
    vertices, faces, rings = [], [], []
    for radius, z in profile:
        if radius == 0:
            rings.append([len(vertices)])
            vertices.append((0, 0, z))
            continue
        rings.append(list(range(len(vertices), len(vertices) + steps)))
        vertices += [(radius * math.cos(2 * math.pi * i / steps), radius * math.sin(2 * math.pi * i / steps), z) for i in range(steps)]
    for low, high in zip(rings, rings[1:]):
        for i in range(steps):
            j = (i + 1) % steps
            if len(low) == 1:
                faces.append((low[0], high[j], high[i]))
            elif len(high) == 1:
                faces.append((low[i], low[j], high[0]))
            else:
                faces.append((low[i], low[j], high[j], high[i]))
    return subdivided(mesh(name, vertices, faces, material), levels)


def tube(name, points, radius, material, taper=None):
    """A round bar along points; `taper` gives the radius factor at each."""
    curve = bpy.data.curves.new(name, "CURVE")
    curve.dimensions, curve.bevel_depth, curve.bevel_resolution, curve.resolution_u = "3D", radius, 8, 24
    spline = curve.splines.new("BEZIER")
    spline.bezier_points.add(len(points) - 1)
    for i, (point, place) in enumerate(zip(spline.bezier_points, points)):
        point.co = place
        point.handle_left_type = point.handle_right_type = "AUTO"
        point.radius = taper[i] if taper else 1.0
    curve.use_fill_caps = True
    thing = bpy.data.objects.new(name, curve)
    bpy.context.collection.objects.link(thing)
    curve.materials.append(material)
    return thing


def plane(name, size, material, at=(0, 0, 0), turn=(0, 0, 0)):
    w, h = size[0] / 2, size[1] / 2
    thing = mesh(name, [(-w, -h, 0), (w, -h, 0), (w, h, 0), (-w, h, 0)], [(0, 1, 2, 3)], material, smooth=False)
    uv = thing.data.uv_layers.new()
    for loop, co in zip(uv.data, [(0, 0), (1, 0), (1, 1), (0, 1)]):
        loop.uv = co
    thing.location, thing.rotation_euler = at, turn
    return thing


def slab(name, size, material, at=(0, 0, 0), round_edge=0.02):
    """A box that stands on `at`."""
    x, y, z = size[0] / 2, size[1] / 2, size[2]
    corners = [(-x, -y, 0), (x, -y, 0), (x, y, 0), (-x, y, 0), (-x, -y, z), (x, -y, z), (x, y, z), (-x, y, z)]
    faces = [(3, 2, 1, 0), (4, 5, 6, 7), (0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6), (3, 0, 4, 7)]
    thing = mesh(name, corners, faces, material, smooth=False)
    thing.location = at
    bevel = thing.modifiers.new("edge", "BEVEL")
    bevel.width, bevel.segments = round_edge, 3
    return thing


def bean_mesh(material, rows=40, cols=64):
    """Half an egg with the crease of a coffee bean; 1 long."""
    vertices = []
    for i in range(rows + 1):
        for j in range(cols):
            a, b = math.pi * i / rows, 2 * math.pi * j / cols
            x, y, z = 0.5 * math.cos(a), 0.37 * math.sin(a) * math.cos(b), 0.31 * math.sin(a) * math.sin(b)
            if z > 0:
                crease = y - 0.035 * math.sin(x * 6.0)
                z = z * 0.42 - 0.085 * math.exp(-(crease / 0.038) ** 2) * (1 - (2 * x) ** 4)
            vertices.append((x, y, z))
    faces = [(i * cols + j, i * cols + (j + 1) % cols, (i + 1) * cols + (j + 1) % cols, (i + 1) * cols + j)
             for i in range(rows) for j in range(cols)]
    thing = mesh("bean", vertices, faces, material)
    data = thing.data
    bpy.data.objects.remove(thing)
    return data


def bean(data, at, size=0.11, turn=(0, 0, 0)):
    thing = bpy.data.objects.new("bean", data)
    bpy.context.collection.objects.link(thing)
    thing.location, thing.rotation_euler, thing.scale = at, turn, (size,) * 3
    return thing


def scattered(data, places, seed, size=0.11):
    """Single beans on a table: some on their back, all turned."""
    dice = random.Random(seed)
    for x, y in places:
        s = size * dice.uniform(0.88, 1.1)
        up = dice.random() < 0.45
        bean(data, (x, y, s * (0.30 if up else 0.125)), s,
             (dice.uniform(-0.15, 0.15) + (0 if up else math.pi), dice.uniform(-0.12, 0.12), dice.uniform(0, 6.3)))


def dropped(things, solid, frames=140):
    """Lets things fall and rest, with Bullet, and freezes them where they lie."""
    scene = bpy.context.scene
    bpy.ops.rigidbody.world_add()
    scene.rigidbody_world.substeps_per_frame, scene.rigidbody_world.solver_iterations = 5, 10
    scene.rigidbody_world.point_cache.frame_end = frames
    for group, kind, shape in ((things, "ACTIVE", "CONVEX_HULL"), (solid, "PASSIVE", "MESH")):
        for thing in group:
            bpy.context.view_layer.objects.active = thing
            bpy.ops.rigidbody.object_add(type=kind)
            body = thing.rigid_body
            body.collision_shape, body.friction, body.restitution = shape, 0.75, 0.02
            body.use_margin, body.collision_margin = True, 0.0008
            body.linear_damping, body.angular_damping = 0.1, 0.4
    for frame in range(1, frames + 1):
        scene.frame_set(frame)
    graph = bpy.context.evaluated_depsgraph_get()
    rest = [thing.evaluated_get(graph).matrix_world.copy() for thing in things]
    bpy.ops.rigidbody.world_remove()
    scene.frame_set(1)
    for thing, place in zip(things, rest):
        thing.matrix_world = place


def sprig(material, stem, at, height, pairs, seed, leaf=0.32, lean=(0.25, 0.0)):
    """A eucalyptus branch: round leaves in pairs on a bent stem."""
    dice = random.Random(seed)
    points = [Vector((lean[0] * height * t * t, lean[1] * height * t * t, height * t)) + Vector(at) for t in np.linspace(0, 1, 6)]
    tube("stem", points, 0.016, stem, [1.2, 1, 0.9, 0.7, 0.5, 0.3])
    rim = [(0.5 * math.cos(a) * (1 + 0.25 * math.cos(a)) + 0.5, 0.42 * math.sin(a)) for a in np.linspace(0, 2 * math.pi, 25)[:-1]]
    for i in range(pairs):
        t = 0.15 + 0.83 * i / pairs
        root = Vector((lean[0] * height * t * t, lean[1] * height * t * t, height * t)) + Vector(at)
        for side in (0, math.pi):
            size = leaf * (1.15 - 0.7 * t) * dice.uniform(0.85, 1.15)
            vertices = [(0.5 * size, 0, 0.02 * size)] + [(x * size, y * size, 0.18 * size * (abs(y) * 2) ** 2) for x, y in rim]
            blade = mesh("leaf", vertices, [(0, 1 + k, 1 + (k + 1) % len(rim)) for k in range(len(rim))], material)
            blade.location = root
            blade.rotation_euler = (dice.uniform(-0.5, 0.5), -0.5 + dice.uniform(-0.4, 0.3), side + i * 1.9 + dice.uniform(-0.4, 0.4))


# --- light, camera, render ----------------------------------------------------------

def aimed(thing, target):
    thing.rotation_euler = (Vector(target) - thing.location).to_track_quat("-Z", "Y").to_euler()


def area(at, target, size, power, color="#ffffff"):
    light = bpy.data.lights.new("area", "AREA")
    light.shape, light.size, light.size_y = "RECTANGLE", size[0], size[1]
    light.energy, light.color = power, srgb(color)
    thing = bpy.data.objects.new("area", light)
    bpy.context.collection.objects.link(thing)
    thing.location = at
    aimed(thing, target)
    return thing


def sun(direction, strength, color="#ffd9a8", softness=1.2):
    light = bpy.data.lights.new("sun", "SUN")
    light.energy, light.color, light.angle = strength, srgb(color), math.radians(softness)
    thing = bpy.data.objects.new("sun", light)
    bpy.context.collection.objects.link(thing)
    thing.location = (0, 0, 0)
    aimed(thing, direction)
    return thing


def sky(color, strength):
    world = bpy.data.worlds.new("sky")
    world.use_nodes = True
    world.node_tree.nodes["Background"].inputs["Color"].default_value = (*srgb(color), 1)
    world.node_tree.nodes["Background"].inputs["Strength"].default_value = strength
    bpy.context.scene.world = world


def camera(at, target, lens, focus=None, f=2.8):
    """`f` is the stop a real lens would have; the scenes are ten times life size."""
    data = bpy.data.cameras.new("camera")
    data.lens = lens
    data.dof.use_dof = True
    data.dof.aperture_fstop = f / 10
    data.dof.aperture_blades = 9
    thing = bpy.data.objects.new("camera", data)
    bpy.context.collection.objects.link(thing)
    thing.location = at
    aimed(thing, target)
    data.dof.focus_distance = (Vector(focus or target) - Vector(at)).length
    bpy.context.scene.camera = thing


def fresh():
    bpy.ops.wm.read_factory_settings(use_empty=True)


def render(path, width, height, samples, exposure=0.0, look="AgX - Medium High Contrast"):
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    scene.cycles.device = "CPU"
    scene.cycles.samples = samples
    scene.cycles.use_adaptive_sampling = True
    scene.cycles.adaptive_threshold = 0.02
    scene.cycles.use_denoising = True
    scene.cycles.denoiser = "OPENIMAGEDENOISE"
    scene.cycles.max_bounces, scene.cycles.transmission_bounces, scene.cycles.transparent_max_bounces = 10, 10, 8
    scene.cycles.sample_clamp_indirect = 6
    scene.cycles.caustics_refractive = scene.cycles.caustics_reflective = False
    scene.render.resolution_x, scene.render.resolution_y = width, height
    scene.view_settings.view_transform, scene.view_settings.look = "AgX", look
    scene.view_settings.exposure = exposure
    scene.render.image_settings.file_format = "PNG"
    scene.render.image_settings.color_depth = "16"
    scene.render.filepath = str(path)
    bpy.ops.render.render(write_still=True)
