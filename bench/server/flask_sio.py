"""A publish loop over Flask-SocketIO with gevent, the peer of the server benchmark. TCP_NODELAY is forced, for its sake."""
from gevent import monkey

monkey.patch_all()
import socket

from flask import Flask, request
from flask_socketio import SocketIO, emit, join_room
from gevent import pywsgi
from geventwebsocket.handler import WebSocketHandler

app = Flask(__name__)
io = SocketIO(app, async_mode="gevent", cors_allowed_origins="*")
rooms = {}


@io.on("join")
def join(name):
    rooms[request.sid] = name
    join_room(name)
    emit("joined")


@io.on("msg")
def msg(text):
    emit("msg", text, to=rooms[request.sid], include_self=False)


@io.on("disconnect")
def gone():
    rooms.pop(request.sid, None)


listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
# What is accepted inherits it.
listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
print(f"at {listener.getsockname()[1]}", flush=True)
pywsgi.WSGIServer(listener, app, handler_class=WebSocketHandler, log=None).serve_forever()
